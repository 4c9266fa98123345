"""Attacks published numbers by linear programming.

Usage: attack.py FILE

FILE holds one JSON object a line: an authority, its services and their teams, each as
{"pair": [whole, part], "said": [whole, part], "children": [...]}, where what is said is a number, "c" or null for
what is left out. The attacker knows what is said, that parts and rests add up from level to level, that nothing is
below zero, and that a c is at least 1; he does not know the pairs, which are only checked. For each c he looks for
the least and the greatest value it can take. Every c must span 1 to 5 at the least.
"""

import json
import sys

import numpy as np
from scipy.optimize import linprog

problems = []
counts = {"authorities": 0, "c": 0, "secondary": 0, "numbers": 0, "left out": 0}


def nodes(node, path=()):
    yield path, node
    for number, child in enumerate(node["children"]):
        yield from nodes(child, (*path, number))


def attack(line, authority):
    everything = list(nodes(authority))
    leaves = [path for path, node in everything if not node["children"]]
    place = {path: index for index, path in enumerate(leaves)}
    count = len(leaves)

    def row(path, kind):
        """The sum over the leaves below a node: of parts, or of wholes (parts and rests)."""
        cells = np.zeros(2 * count)
        for leaf in leaves:
            if leaf[: len(path)] == path:
                cells[2 * place[leaf]] = 1
                if kind == 0:
                    cells[2 * place[leaf] + 1] = 1
        return cells

    equal, equals, least, leasts, targets = [], [], [], [], []
    for path, node in everything:
        for kind in (0, 1):
            said, true = node["said"][kind], node["pair"][kind]
            if said is None:
                counts["left out"] += 1
            elif said == "c":
                counts["c"] += 1
                counts["secondary"] += bool(node["secondary"])
                if true == 0:
                    problems.append(f"line {line}: a zero is c")
                least.append(-row(path, kind))
                leasts.append(-1)
                targets.append((path, kind))
            else:
                counts["numbers"] += 1
                if said != true or 1 <= said <= 5:
                    problems.append(f"line {line}: {said} is said of {true}")
                equal.append(row(path, kind))
                equals.append(said)
    for path, kind in targets:
        cells = row(path, kind)
        found = []
        for sign in (1, -1):
            result = linprog(
                sign * cells, A_ub=np.array(least), b_ub=leasts,
                A_eq=np.array(equal) if equal else None, b_eq=equals or None, bounds=(0, 10_000), method="highs")
            if not result.success:
                problems.append(f"line {line}: what is said cannot be true: {result.message}")
                return
            found.append(sign * result.fun)
        if found[0] > 1 + 1e-6 or found[1] < 5 - 1e-6:
            problems.append(f"line {line}: {path} {kind} is between {found[0]:g} and {found[1]:g}")


with open(sys.argv[1], encoding="utf-8") as file:
    for line, text in enumerate(file, 1):
        counts["authorities"] += 1
        attack(line, json.loads(text))
for text in problems[:20]:
    print(text)
print(", ".join(f"{number} {name}" for name, number in counts.items()) + f", {len(problems)} problems")
sys.exit(1 if problems else 0)
