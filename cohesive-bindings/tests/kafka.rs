//! Kafka, against the cluster that librdkafka has within itself for tests: sockets and protocol are real, the brokers
//! are not.

mod kafka {
    mod cluster;
    mod publishing;
    mod receiving;
    mod sharing;
}
