"""The topic `facts` on Kafka, by aiokafka."""
