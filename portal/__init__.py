"""Cửa sổ web: units check and hand in, coordinators decide, readers read, in the browser.

Knows neither Prefect nor the flows: what starts work is handed in (:class:`portal.room.works.Works`).
"""
