"""Unit tests run beside each other on few cores: one torch thread each is quicker than several that wait."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
