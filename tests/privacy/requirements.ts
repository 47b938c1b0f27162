// The threat model's requirements (spec 03 §1.4): what each promises, what keeps it, and the tests that show it today. One
// without tests is printed as not shown: it is no claim.

/** Who is kept out; each can do what the one before can, and more. Trudy can break enclaves, and has no machine of ours. */
export type Adversary = "Oscar" | "Eve" | "Mallory" | "Darth" | "Trudy" | "all";

/** Tests of one file. */
export interface Shown {
  readonly file: string;
  /** A part of the full name of each test. */
  readonly names: readonly string[];
}

/** One promise. */
export interface Requirement {
  readonly id: string;
  readonly adversary: Adversary;
  readonly promise: string;
  readonly mechanism: string;
  readonly shown: readonly Shown[];
}

const SDK = "wallets/sdk/test/fog-account.test.ts";
const INGEST = "enclaves/fog-ingest/test/ingest-txs.test.ts";
const INGEST_KEYS = "enclaves/fog-ingest/test/keys.test.ts";
const TRACES = "tests/traces/ledgers.test.ts";
const LEDGER = "kernel/test/oblivious-ledger.test.ts";

/** All of them, in the order of the specification. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: "T-OSC-1",
    adversary: "Oscar",
    promise: "a poll that finds nothing looks like one that finds one output",
    mechanism: "two keys a sequence at first; key images in classes of sizes",
    shown: [
      {
        file: SDK,
        names: [
          "asks for as much of a sequence that has missed as of one that has not",
          "come in classes: none, one and sixteen outputs look alike",
        ],
      },
    ],
  },
  {
    id: "T-OSC-2",
    adversary: "Oscar",
    promise: "the number of outputs is not told to within a factor of two",
    mechanism: "questions double by a schedule of their own",
    shown: [],
  },
  {
    id: "T-OSC-3",
    adversary: "Oscar",
    promise: "found and not found have one length",
    mechanism: "replies from fixed templates in the kernel",
    shown: [
      { file: "enclaves/fog-view/test/results.test.ts", names: ["answers of one size for k found and k missing"] },
      { file: "services/fog-view/test/view.test.ts", names: ["answers of one size for k found and k missing"] },
    ],
  },
  {
    id: "T-OSC-4",
    adversary: "Oscar",
    promise: "spent and not spent have one length",
    mechanism: "replies from fixed templates in the kernel",
    shown: [
      { file: "enclaves/fog-ledger/test/key-images.test.ts", names: ["answers are equally long, whatever is spent"] },
    ],
  },
  {
    id: "T-OSC-5",
    adversary: "Oscar",
    promise: "outputs with proofs have one length, whatever the index, the era, or whether they are there",
    mechanism: "a template with over-long varints and padding",
    shown: [{ file: LEDGER, names: ["all results of a ledger have one length, whatever the index and the era"] }],
  },
  {
    id: "T-OSC-7",
    adversary: "Oscar",
    promise: "hints of outputs without Fog look like others",
    mechanism: "a decoy is sealed to a key that nobody has",
    shown: [
      { file: "core/transaction/test/fog/fog-hint.test.ts", names: ["the decoy of the published output comes out"] },
    ],
  },
  {
    id: "T-EVE-2",
    adversary: "Eve",
    promise: "nobody sees which outputs a payment asks for",
    mechanism: "outputs and Merkle paths in Circuit ORAMs; one tree size a request",
    shown: [
      {
        file: TRACES,
        names: [
          "which outputs were asked for, before and after the tree doubles",
          "the paths that lookups read are random",
          "answers have one length for all sets of indices",
          "the place is there of the mistake",
        ],
      },
    ],
  },
  {
    id: "T-EVE-3",
    adversary: "Eve",
    promise: "nobody sees which record matched a search key, or whether one did",
    mechanism: "an oblivious map: hit, miss, insertion and update are one course, which only `npm run traces` compares",
    shown: [],
  },
  {
    id: "T-EVE-5",
    adversary: "Eve",
    promise: "ingest does not tell whether an output is for a user of Fog, or for which",
    mechanism: "random fallback keys, one trace, one record of one size an output",
    shown: [
      {
        file: INGEST,
        names: ["every output yields one record of one size", "the size goes by the output's era alone"],
      },
    ],
  },
  {
    id: "T-EVE-7",
    adversary: "Eve",
    promise: "search keys of one user cannot be linked",
    mechanism: "a keyed pseudorandom function over a shared secret",
    shown: [
      {
        file: "kernel/test/ingest.test.ts",
        names: ["the same outputs again get other search keys", "a user finds every record in its order"],
      },
    ],
  },
  {
    id: "T-MAL-1",
    adversary: "Mallory",
    promise: "no private key leaves an ingest enclave but sealed, or to its equal",
    mechanism: "keys drawn and kept in the kernel; hand-over over mutually attested channels",
    shown: [
      { file: INGEST_KEYS, names: ["what comes out of any entry point holds no private key"] },
      { file: "enclaves/fog-ingest/test/peer-channels.test.ts", names: ["no channel is made with an enclave"] },
    ],
  },
  {
    id: "T-MAL-2",
    adversary: "Mallory",
    promise: "a block that is taken in again tells nothing new",
    mechanism: "counters advance",
    shown: [{ file: INGEST, names: ["a block that is taken in again gets search keys that never were"] }],
  },
  {
    id: "T-MAL-3",
    adversary: "Mallory",
    promise: "counters never begin again under the same egress key",
    mechanism: "clearing the map draws a key",
    shown: [{ file: INGEST, names: ["whenever counters begin again"] }],
  },
  {
    id: "T-MAL-4",
    adversary: "Mallory",
    promise: "false records are told and not counted",
    mechanism: "the wallet checks that an output is its own",
    shown: [{ file: SDK, names: ["a record that does not open is told, and the ones after it are found"] }],
  },
  {
    id: "T-MAL-5",
    adversary: "Mallory",
    promise: "nobody puts another Fog in the place of a recipient's",
    mechanism: "the address signs the authority that signs reports",
    shown: [
      {
        file: "core/attest/test/fog-report/fog-report.test.ts",
        names: [
          "another authority than the one that the owner signed",
          "reports that were added, left out, reordered or altered",
        ],
      },
    ],
  },
  {
    id: "T-DAR-2",
    adversary: "Darth",
    promise: "after an update, old code is not believed",
    mechanism: "clients accept measurements that they are told",
    shown: [
      { file: "wallets/sdk/test/clients.test.ts", names: ["sends nothing to an enclave that it does not trust"] },
    ],
  },
  {
    id: "T-TRU-2",
    adversary: "Trudy",
    promise: "without a valid report there is no hint, and nothing is fallen back to",
    mechanism: "the resolver refuses",
    shown: [{ file: "wallets/sdk/test/report-resolver.test.ts", names: ["nothing is fallen back to"] }],
  },
  {
    id: "T-GEN-2",
    adversary: "all",
    promise: "who fetches reports does not say for whom",
    mechanism: "everybody is given all reports",
    shown: [
      {
        file: "services/fog-report/test/fog-report.test.ts",
        names: ["serves every report id, DCAP and EPID, in one answer"],
      },
    ],
  },
];
