extension CardsJSON {
    /// The JSON Schema (draft 2020-12) of ``document(_:)``, published beside it as `cards.schema.json`.
    public static let schema = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "cards.json",
          "description": "The weekly cards; a member that does not apply is left out.",
          "type": "object",
          "properties": {
            "format": {"const": 1},
            "header": {"$ref": "#/$defs/header"},
            "figures": {"type": "array", "items": {"$ref": "#/$defs/figure"}},
            "trends": {"type": "array", "items": {"$ref": "#/$defs/trend"}},
            "exceptions": {"type": "array", "items": {"$ref": "#/$defs/exception"}},
            "watch": {"type": "array", "items": {"$ref": "#/$defs/watch"}}
          },
          "required": ["format", "header", "figures", "trends", "exceptions", "watch"],
          "additionalProperties": false,
          "$defs": {
            "day": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "count": {"type": "integer", "minimum": 0},
            "header": {
              "type": "object",
              "description": "What the report was made from, and what it cannot say.",
              "properties": {
                "week": {"type": "string", "pattern": "^[0-9]{4}-W[0-9]{2}$"},
                "week_ending": {"$ref": "#/$defs/day"},
                "as_at": {"$ref": "#/$defs/day"},
                "known_at": {"$ref": "#/$defs/day"},
                "working_days_in_week": {"type": "integer", "minimum": 0, "maximum": 7},
                "rulebook": {"type": "string"},
                "calendar": {"type": "string"},
                "structure": {"type": "string"},
                "sources": {"type": "array", "items": {"$ref": "#/$defs/source"}},
                "complete_from": {"$ref": "#/$defs/day"},
                "not_available": {"type": "array", "items": {"type": "string"}},
                "notes": {"type": "array", "items": {"type": "string"}},
                "rows_read": {"$ref": "#/$defs/count"},
                "accepted": {"$ref": "#/$defs/count"},
                "duplicates": {"$ref": "#/$defs/count"},
                "rejected": {"$ref": "#/$defs/count"},
                "not_yet_known": {"$ref": "#/$defs/count"}
              },
              "required": [
                "week", "week_ending", "as_at", "working_days_in_week", "rulebook", "calendar", "structure",
                "sources", "not_available", "notes", "rows_read", "accepted", "duplicates", "rejected",
                "not_yet_known"
              ],
              "additionalProperties": false
            },
            "source": {
              "type": "object",
              "description": "An export.",
              "properties": {
                "file": {"type": "string"},
                "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "newest_recorded": {"$ref": "#/$defs/day"},
                "newest_date": {"$ref": "#/$defs/day"}
              },
              "required": ["file"],
              "additionalProperties": false
            },
            "figure": {
              "type": "object",
              "description": "One row of cards.csv.",
              "properties": {
                "week_ending": {"$ref": "#/$defs/day"},
                "level": {"enum": ["unit", "team", "group_manager", "service", "authority"]},
                "name": {"type": "string"},
                "rule": {"type": "string", "minLength": 1},
                "measure": {"type": "string", "minLength": 1},
                "numerator": {"$ref": "#/$defs/count"},
                "denominator": {"$ref": "#/$defs/count"},
                "value": {
                  "description": "A count, a percentage, or a colon for not available.",
                  "anyOf": [{"type": "number"}, {"const": ":"}]
                }
              },
              "required": ["week_ending", "level", "name", "rule", "measure"],
              "additionalProperties": false
            },
            "trend": {
              "type": "object",
              "description": "The weeks of one figure, with the limits of its chart.",
              "properties": {
                "level": {"enum": ["unit", "team", "group_manager", "service", "authority"]},
                "name": {"type": "string"},
                "rule": {"type": "string", "minLength": 1},
                "measure": {"type": "string", "minLength": 1},
                "chart": {"enum": ["xmr", "laney", "blocks", "stock"]},
                "mean": {"type": "number"},
                "baseline_from": {"$ref": "#/$defs/day"},
                "baseline_to": {"$ref": "#/$defs/day"},
                "trial": {"type": "boolean"},
                "screened": {"type": "boolean"},
                "breaks": {"type": "array", "items": {"$ref": "#/$defs/day"}},
                "points": {"type": "array", "items": {"$ref": "#/$defs/point"}},
                "signals": {"type": "array", "items": {"$ref": "#/$defs/signal"}}
              },
              "required": ["level", "name", "rule", "measure", "chart", "trial", "screened", "breaks", "points", "signals"],
              "additionalProperties": false
            },
            "point": {
              "type": "object",
              "properties": {
                "week_ending": {"$ref": "#/$defs/day"},
                "numerator": {"$ref": "#/$defs/count"},
                "denominator": {"$ref": "#/$defs/count"},
                "value": {"type": "number"},
                "hollow": {"type": "boolean"},
                "lower": {"type": "number"},
                "upper": {"type": "number"}
              },
              "required": ["week_ending", "numerator", "value", "hollow"],
              "additionalProperties": false
            },
            "signal": {
              "type": "object",
              "properties": {
                "cause": {"enum": ["outside", "trend", "two_of_three", "shift"]},
                "from": {"$ref": "#/$defs/day"},
                "to": {"$ref": "#/$defs/day"},
                "high": {"type": "boolean"}
              },
              "required": ["cause", "high"],
              "additionalProperties": false
            },
            "exception": {
              "type": "object",
              "description": "One row of exceptions.csv, without the columns of a return.",
              "properties": {
                "exception": {"type": "string", "pattern": "^E-[0-9A-Z]{10}$"},
                "week_ending": {"$ref": "#/$defs/day"},
                "group_manager": {"type": "string", "minLength": 1},
                "team": {"type": "string", "minLength": 1},
                "worker": {"type": "string", "minLength": 1},
                "child_id": {"type": "string", "minLength": 1},
                "family_id": {"type": "string", "minLength": 1},
                "referral_id": {"type": "string", "minLength": 1},
                "step_id": {"type": "string", "minLength": 1},
                "rule": {"type": "string", "minLength": 1},
                "rank": {"type": "integer"},
                "kind": {"type": "string", "minLength": 1},
                "also": {"type": "string", "minLength": 1},
                "started_on": {"$ref": "#/$defs/day"},
                "due_on": {"$ref": "#/$defs/day"},
                "elapsed": {"type": "integer"},
                "limit": {"type": "integer"},
                "days_over": {"type": "integer"},
                "last_seen_on": {"$ref": "#/$defs/day"},
                "last_decision_on": {"$ref": "#/$defs/day"},
                "last_event_on": {"$ref": "#/$defs/day"},
                "status": {"enum": ["new", "continuing", "cleared"]},
                "weeks_listed": {"$ref": "#/$defs/count"}
              },
              "required": ["exception", "week_ending", "rule", "rank", "kind", "status", "weeks_listed"],
              "additionalProperties": false
            },
            "watch": {
              "type": "object",
              "description": "One row of watch.csv.",
              "properties": {
                "week_ending": {"$ref": "#/$defs/day"},
                "group_manager": {"type": "string", "minLength": 1},
                "team": {"type": "string", "minLength": 1},
                "worker": {"type": "string", "minLength": 1},
                "child_id": {"type": "string", "minLength": 1},
                "family_id": {"type": "string", "minLength": 1},
                "referral_id": {"type": "string", "minLength": 1},
                "step_id": {"type": "string", "minLength": 1},
                "rule": {"type": "string", "minLength": 1},
                "kind": {"type": "string", "minLength": 1},
                "started_on": {"$ref": "#/$defs/day"},
                "due_on": {"$ref": "#/$defs/day"},
                "elapsed": {"type": "integer"},
                "limit": {"type": "integer"},
                "expected": {"type": "integer"},
                "last_seen_on": {"$ref": "#/$defs/day"},
                "last_decision_on": {"$ref": "#/$defs/day"},
                "last_event_on": {"$ref": "#/$defs/day"}
              },
              "required": ["week_ending", "rule", "kind", "started_on", "due_on", "elapsed", "limit"],
              "additionalProperties": false
            }
          }
        }

        """#
}
