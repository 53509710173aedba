"""The pages a browser shows: functions from values to HTML, with no request in sight."""
