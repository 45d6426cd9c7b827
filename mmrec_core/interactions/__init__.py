"""Who liked what: interaction files, splits, baselines and the model that recommends by history.

It sees the catalogue and the encoders (for what movies say and show) and stands before the rooms that fuse, so its place in the
order of imports is after ``encoders``. What is measured of it lives in ``evaluate``.
"""
