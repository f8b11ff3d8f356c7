"""What offices, mail programs and browsers save -> `Document`, or records of many articles.

All of it is read in processes that can be ended (`qa.ingest.processes`).
"""
