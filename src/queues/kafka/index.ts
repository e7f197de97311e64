export { createKafkaBus, type KafkaCredentials } from './kafka-bus.ts';
