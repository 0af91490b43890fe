"""What a running process tells about itself: traces and metrics by OpenTelemetry.

The rest of the system knows nothing of it. The ports of a process are wrapped, and its application,
where somebody asked for it; where nobody did, there is nothing around them, and not even the
library is read.
"""
