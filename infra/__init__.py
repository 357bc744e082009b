"""What surrounds the stack: the local run, the demo press, deployment scripts."""
