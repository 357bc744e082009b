"""The local run: the real template on an emulated cloud, on this machine only."""
