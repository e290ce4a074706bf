"""The commands of ``baocao``, one file a subject; each is imported when it is called, see ``root.py``."""
