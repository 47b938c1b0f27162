// Bounds of the commands of Fog.

/** Milliseconds for which a server that cannot be reached is asked again. */
export const UNREACHABLE_MS_MAX = 10_000;

/** Milliseconds that an ingest server has to answer its operator: activation calls peers and waits for the database. */
export const INGEST_ADMIN_MS_MAX = 60_000;

/** Bytes of one answer of an ingest server to its operator. */
export const INGEST_ANSWER_BYTES_MAX = 16_777_216;

/** Days that a test authority lasts. */
export const AUTHORITY_DAYS_MAX = 36_500;

/** Test accounts that are made at once. */
export const TEST_ACCOUNTS_MAX = 100_000;

/** Bytes of a certificate's file. */
export const KEY_FILE_BYTES_MAX = 65_536;

/** Milliseconds that a Fog in this process has to load what there is. */
export const LOCAL_FOG_READY_MS_MAX = 60_000;

/** Bytes of what a test block is made from. */
export const TEST_BLOCK_BYTES_MAX = 16_777_216;

/** Milliseconds that a service has to answer its administrator's gateway: less than a page may take. */
export const ADMIN_CALL_MS_MAX = 4_000;

/** Bytes of one answer of a service to its administrator's gateway. */
export const ADMIN_ANSWER_BYTES_MAX = 8_388_608;
