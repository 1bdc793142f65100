"""Pure rules of a mobile operator: plans, charges, bills, forecasts, penalties.

Nothing here knows a database, Rasa or the web. Clock and data are handed in; results are values.
Names follow the TM Forum vocabulary (product offering, usage, bill item) in the shorter form people use.
"""
