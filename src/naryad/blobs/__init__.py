"""Bytes of files in an object store: a folder, or S3 and the like, behind `obstore`.

An object is written whole or not at all, and never changed afterwards. Keys begin with the account's id.
"""
