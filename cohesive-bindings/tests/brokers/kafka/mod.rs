//! Kafka, against the cluster that librdkafka has within itself for tests: sockets and protocol are real, the brokers
//! are not. They keep messages in memory and check no sequence numbers of producers, so neither what survives a crash
//! of a broker nor that Kafka leaves out what a producer sends twice is shown here.

mod cluster;
mod publishing;
mod receiving;
mod sharing;
mod suite;
mod together;

/// The cases, each a test of its own.
macro_rules! cases {
    ($($module:ident::$case:ident),* $(,)?) => {
        const CASES: &[together::Case] = &[
            $((stringify!($case), || together::block_on($module::$case()))),*
        ];
        $(
            #[test]
            fn $case() {
                together::ended(CASES, stringify!($case));
            }
        )*
    };
}

cases![
    publishing::failures_of_brokers_keep_the_order,
    publishing::partitions_are_those_of_java_clients,
    publishing::nothing_is_published_without_brokers_and_it_goes_on_with_them,
    publishing::what_is_wrong_with_a_message_is_refused_for_good,
    publishing::a_full_queue_keeps_the_order,
    publishing::a_producer_that_has_failed_for_good_is_replaced,
    receiving::only_what_has_no_hole_below_is_committed,
    receiving::a_rejected_message_holds_back_its_key,
    receiving::both_modes_are_read_and_what_is_neither_is_handed_over_as_it_is,
    receiving::an_offset_that_is_refused_is_said_and_not_lost,
    receiving::brokers_that_are_away_are_said_and_come_back,
    receiving::more_than_fits_arrives_in_order_and_once,
    receiving::a_full_window_opens_for_who_waits,
    sharing::what_was_in_hand_comes_again_where_the_partition_is,
    sharing::a_partition_that_goes_waits_for_what_is_in_hand,
    suite::kafka_passes_the_suite,
];
