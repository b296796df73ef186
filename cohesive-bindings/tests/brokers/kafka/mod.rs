//! Kafka, against the cluster that librdkafka has within itself for tests: sockets and protocol are real, the brokers
//! are not. They keep messages in memory and check no sequence numbers of producers, so neither what survives a crash
//! of a broker nor that Kafka leaves out what a producer sends twice is shown here.

mod cluster;
mod publishing;
mod receiving;
mod sharing;
mod suite;
