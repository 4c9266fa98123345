#!/usr/bin/env python3
"""Opens event logs with pm4py: check_logs.py LOG.xes LOG.json prints their cases, events and objects."""
import sys
import warnings

warnings.filterwarnings('ignore')
import pm4py  # noqa: E402

log = pm4py.read_xes(sys.argv[1])
print('xes', log['case:concept:name'].nunique(), len(log), sorted(log['concept:name'].unique())[0])
ocel = pm4py.read_ocel2_json(sys.argv[2])
print('ocel', len(ocel.objects), len(ocel.events), sorted(ocel.objects['ocel:type'].unique())[0])
