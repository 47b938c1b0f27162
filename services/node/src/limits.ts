// Every bound of this package, with what happens at it in docs/limits.md.

/** Events that wait for the replica's worker. */
export const EVENTS_MAX = 8_192;

/** Consensus messages that the worker takes at a time (spec 05 §1.7). */
export const MESSAGE_BATCH_MAX = 32;

/** Values that wait for a slot (spec 05 §2.4). */
export const PENDING_MAX = 500;

/** Values among them that came through one client session, so that one client cannot take all the room. */
export const PENDING_PER_SESSION_MAX = 250;

/** Values that peers relayed and that wait for a slot: they have been accepted elsewhere. */
export const PENDING_RELAYED_MAX = 10_000;

/**
 * Values that the node proposes for one slot: as many as others adopt from it. What all propose has to fit into the messages
 * that say what is nominated and up to three ballots of it.
 */
export const PROPOSED_VALUES_MAX = 300;

/** Characters of them, so that the journal has room for them: one value is proposed whatever its length. */
export const PROPOSED_LENGTH_MAX = 200_000;

/** Transactions in one call of `check-txs`. */
export const CHECK_BATCH_MAX = 32;

/** Transactions that wait to be checked. */
export const UNCHECKED_MAX = 4_000;

/** Transactions that the host keeps what it knows of: as many as the enclave keeps. */
export const KNOWN_TXS_MAX = 20_000;

/** Hashes of externalized transactions whose block the node remembers, for those who watch. */
export const EXTERNALIZED_REMEMBERED_MAX = 20_000;

/** Messages of one slot that wait for transactions (spec 05 §2.6). */
export const PARKED_MAX = 1_000;

/** Messages among them of one sender. */
export const PARKED_PER_SENDER_MAX = 32;

/** Transactions that one request asks a peer for (spec 05 §2.6), and that one message relays. */
export const TX_LIST_MAX = 100;

/** Transactions that a peer's request may ask this node for. */
export const TXS_ASKED_MAX = 1_000;

/** Transactions that are looked for at one time. */
export const WANTED_TXS_MAX = 10_000;

/** Transactions that wait to be relayed to one peer; the oldest are dropped, the peer fetches them when it needs to. */
export const RELAY_QUEUE_MAX = 2_000;

/** Hashes of transactions that were relayed, remembered so that none is relayed twice. */
export const RELAYED_REMEMBERED_MAX = 10_000;

/** Consensus messages that were passed on, remembered so that none is passed on twice. */
export const GOSSIP_REMEMBERED_MAX = 10_000;

/** Consensus messages whose signature was verified, remembered so that none is verified twice. */
export const VERIFIED_REMEMBERED_MAX = 2_000;

/** Bytes of those messages. */
export const VERIFIED_BYTES_MAX = 67_108_864;

/** Messages of one sender in a second, in the long run (spec 05 §2.8). */
export const MESSAGES_PER_SECOND_MAX = 200;

/** Messages of one sender at once, after a time of silence. */
export const MESSAGE_BURST_MAX = 1_000;

/** Consensus messages that wait to be sent to one peer. */
export const OUTBOX_MAX = 256;

/** Consensus messages on their way to one peer. */
export const OUTBOX_IN_FLIGHT_MAX = 16;

/** Times that a message is sent to one peer (spec 05 §2.6). */
export const SEND_ATTEMPTS_MAX = 3;

/** Milliseconds after which a message is not sent any more. */
export const MESSAGE_AGE_MS_MAX = 30_000;

/** Latest round trips to one peer that decide how long slots wait. */
export const ROUND_TRIPS_REMEMBERED_MAX = 64;

/** Milliseconds between attempts to reach a peer, after many that failed. */
export const RETRY_MS_MAX = 60_000;

/** Bytes of a consensus message. */
export const MESSAGE_BYTES_MAX = 1_048_576;

/** Bytes of a message about a slot more than ten ahead: nodes that are so far ahead have little to say that helps. */
export const FAR_MESSAGE_BYTES_MAX = 65_536;

/** Proposals of one client session in progress (spec 05 §2.8). */
export const PROPOSALS_PER_SESSION_MAX = 4;

/** Client sessions whose failures are counted (spec 05 §2.4). */
export const SESSIONS_TRACKED_MAX = 10_000;

/** Transactions of one session that may fail within 30 seconds; then the session ends. */
export const TX_FAILURES_MAX = 16_384;

/** Headers in one answer of `GetBlocks`. */
export const HEADERS_MAX = 2_000;

/** Streams of one client. */
export const WATCHES_PER_CLIENT_MAX = 64;

/** Streams of all clients. */
export const WATCHES_MAX = 10_000;

/** Slots behind the open one whose votes, decisions and transactions are kept (spec 05 §1.6). */
export const KEPT_SLOTS_MAX = 10;

/** Milliseconds after which externalized transactions are forgotten even if no other slot follows. */
export const KEPT_TXS_MS_MAX = 30_000;

/** Blocks in one attempt to catch up (spec 05 §3.1). */
export const CATCH_UP_BLOCKS_MAX = 100;

/** Blocks in one attempt of a node that is further behind than that (spec 05 §3.4): merged files of archives have as many. */
export const CATCH_UP_FAR_BLOCKS_MAX = 10_000;

/** Bytes of a record of the vote journal. */
export const RECORD_BYTES_MAX = 8_388_608;
