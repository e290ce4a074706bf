"""The commands of ``baocao``, one file a subject; heavy libraries are imported where they are used."""
