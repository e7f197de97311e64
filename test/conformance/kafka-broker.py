"""A Kafka broker over TCP: the mock cluster inside librdkafka. Arguments: the library, then names of topics.

Prints its address. Then obeys lines of standard input, each answered with "ok": `down` (no connections), `up`. Ends
with its standard input.
"""

import ctypes
import os
import sys

lib = ctypes.CDLL(sys.argv[1])
pointer = ctypes.c_void_p
for name in ("rd_kafka_conf_new", "rd_kafka_new", "rd_kafka_mock_cluster_new"):
    getattr(lib, name).restype = pointer
lib.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
# Its own log is not ours to show.
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
client = pointer(lib.rd_kafka_new(0, pointer(lib.rd_kafka_conf_new()), ctypes.create_string_buffer(512), 512))
cluster = pointer(lib.rd_kafka_mock_cluster_new(client, 1))
for topic in sys.argv[2:]:
    lib.rd_kafka_mock_topic_create(cluster, topic.encode(), 4, 1)
print(lib.rd_kafka_mock_cluster_bootstraps(cluster).decode(), flush=True)
for line in sys.stdin:
    if line.strip() == "down":
        lib.rd_kafka_mock_broker_set_down(cluster, 1)
    elif line.strip() == "up":
        lib.rd_kafka_mock_broker_set_up(cluster, 1)
    print("ok", flush=True)
