"""Many sources: the run over them, its workers, its journal, and Ray."""
