// The threat model's requirements (spec 03 §1.4): what each promises, what keeps it, and the tests that show it today. One
// that promises nothing of our own has no tests and says why; it is printed as such and counts as no claim.

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
  /** What shows it; nothing where there is nothing to show, which the mechanism explains then. */
  readonly shown: readonly Shown[];
}

const SDK = "wallets/sdk/test/fog-account.test.ts";
const INGEST = "enclaves/fog-ingest/test/ingest-txs.test.ts";
const INGEST_KEYS = "enclaves/fog-ingest/test/keys.test.ts";
const TRACES = "tests/traces/ledgers.test.ts";
const ANSWERS = "tests/traces/answers.test.ts";
const LEAVES = "tests/traces/leaves.test.ts";
const TRANSCRIPTS = "tests/privacy/transcripts.test.ts";
const PLAIN_FIELDS = "tests/privacy/plain-fields.test.ts";
const SECRETS = "tests/privacy/secrets.test.ts";
const UNLINKABLE = "tests/privacy/unlinkable.test.ts";
const LEDGER = "kernel/test/oblivious-ledger.test.ts";

/** All of them, in the order of the specification. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: "T-OSC-1",
    adversary: "Oscar",
    promise: "a poll that finds nothing looks like one that finds one output",
    mechanism:
      "two keys a sequence at first; classes of key images, and the work between requests, do not go by what was found",
    shown: [
      {
        file: TRANSCRIPTS,
        names: [
          "is the same for none and one new output",
          "the transcript of a later poll is the same for none and one new output, however many the wallet has",
        ],
      },
      {
        file: SDK,
        names: [
          "asks for as much of a sequence that has missed as of one that has not",
          "are as many for a poll that finds one output as for one that finds none",
          "a wallet does the same whether it found none or one, or as many as the same rounds find",
        ],
      },
      {
        file: "tests/journey/fog.test.ts",
        names: [
          "on the wire, a poll that finds an output has the frames of one that finds none, each as long, first and later",
        ],
      },
    ],
  },
  {
    id: "T-OSC-2",
    adversary: "Oscar",
    promise: "the number of outputs is not told to within a factor of two",
    mechanism: "questions double by a schedule of their own",
    shown: [
      {
        file: TRANSCRIPTS,
        names: [
          "is the same for all numbers of new outputs that one schedule finds, and each schedule finds twice as many",
        ],
      },
    ],
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
    id: "T-OSC-6",
    adversary: "Oscar",
    promise: "no key, address, amount, search key, key image or output of a wallet's own is in the clear",
    mechanism: "attested channels; what is outside of them is on a list",
    shown: [
      {
        file: PLAIN_FIELDS,
        names: [
          "outside attested messages there is only what everybody may know",
          "who fetches reports sends nothing at all",
          "beside its ciphertext a query shows two counters",
          "a field that is added is found",
        ],
      },
      {
        file: SECRETS,
        names: [
          "no packet between a wallet and Fog holds a key, an address, an amount, a key image, a search key or an output",
          "and the search finds them where they are in the open",
          "search keys are those of the sequence that only Bob and the enclave can make",
        ],
      },
    ],
  },
  {
    id: "T-OSC-7",
    adversary: "Oscar",
    promise: "hints of outputs without Fog look like others",
    mechanism: "a decoy is sealed to a key that nobody has",
    shown: [
      { file: "core/transaction/test/fog/fog-hint.test.ts", names: ["the decoy of the published output comes out"] },
      {
        file: UNLINKABLE,
        names: ["of outputs to users of Fog are not told from those of others", "that were made otherwise are told"],
      },
    ],
  },
  {
    id: "T-EVE-1",
    adversary: "Eve",
    promise: "Eve learns no more than Oscar, but for which address sent in which transaction",
    mechanism: "a sum of the rows below, with a limit that consensus has; nothing of its own to test",
    shown: [],
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
      {
        file: "enclaves/fog-ledger/test/outputs.test.ts",
        names: ["no index, key or output of a request crosses the door in the open"],
      },
    ],
  },
  {
    id: "T-EVE-3",
    adversary: "Eve",
    promise: "nobody sees which record matched a search key, or whether one did",
    mechanism: "an oblivious map, and replies from templates: hit and miss are one course",
    shown: [
      {
        file: ANSWERS,
        names: [
          "the trace of viewAnswer does not tell which search keys a store knows, and how long their records are",
        ],
      },
      {
        file: LEAVES,
        names: [
          "leaves are uniform and independent, over 10 000 lookups",
          "hit, miss, repeated, inserted and overwritten keys have one trace but for the path",
        ],
      },
      {
        file: SECRETS,
        names: ["no key image that is asked about, and no search key that misses, crosses an enclave's door"],
      },
    ],
  },
  {
    id: "T-EVE-4",
    adversary: "Eve",
    promise: "nobody sees which key images are asked about, or whether they are spent",
    mechanism: "the same map and the same way of answering",
    shown: [
      {
        file: ANSWERS,
        names: [
          "the trace of keyImageRecords does not tell which key images are spent",
          "the trace of keyImageResults does not tell which store has said of which key image that it is spent",
        ],
      },
      { file: LEAVES, names: ["leaves are uniform and independent, over 10 000 lookups"] },
      {
        file: SECRETS,
        names: ["no key image that is asked about, and no search key that misses, crosses an enclave's door"],
      },
    ],
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
      { file: ANSWERS, names: ["the trace of ingestOutputs does not tell which outputs are for users of Fog"] },
    ],
  },
  {
    id: "T-EVE-6",
    adversary: "Eve",
    promise: "nobody sees which shard had something",
    mechanism:
      "every result of every shard is compared with its key and copied under a mask; of outputs every shard gives a part of one size, and all are added up",
    shown: [
      {
        file: ANSWERS,
        names: [
          "the trace of viewCollate does not tell which shard has found which search key",
          "is the same whichever shard matches, all or none",
          "is a sum of a part for each key and one for each key and shard",
        ],
      },
      {
        file: TRACES,
        names: [
          "which outputs were asked of a shard, and which shard has them",
          "whose part has what, when parts are added up",
        ],
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
      {
        file: UNLINKABLE,
        names: [
          "never come twice, for one user or many, also when the egress key changes",
          "are as likely to have each bit as not",
          "of one user are not told from those of two",
        ],
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
    shown: [
      { file: SDK, names: ["a record that does not open is told, and the ones after it are found"] },
      {
        file: "tests/privacy/forged-rows.test.ts",
        names: [
          "a record under another person's search key opens for nobody, and is told to both",
          "a record of an earlier block, sealed for the same person, counts once",
        ],
      },
    ],
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
    id: "T-DAR-1",
    adversary: "Darth",
    promise: "who breaks an enclave cannot spend, and does not learn amounts",
    mechanism: "enclaves are given neither spend keys nor view keys, and amounts only masked",
    shown: [
      {
        file: SECRETS,
        names: [
          "nothing that goes into an enclave, in the open or sealed, lets one spend or says what an output is worth",
          "and the search finds them where they are in the open",
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
    id: "T-TRU-1",
    adversary: "Trudy",
    promise: "a false report server gets no output made for it",
    mechanism: "the recipient's view key signs the authority that signs reports",
    shown: [
      {
        file: "wallets/sdk/test/report-resolver.test.ts",
        names: [
          "a report server with a root of its own gives an error, and nothing comes into being that could be sent",
        ],
      },
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
    id: "T-GEN-1",
    adversary: "all",
    promise: "no wallet of ours looks its own outputs up in the open",
    mechanism: "the SDK has the attested lookup only",
    shown: [
      {
        file: PLAIN_FIELDS,
        names: ["do not mention the lookup of outputs in the open", "call no service that is not on the list"],
      },
      { file: SECRETS, names: ["the wallet has called nothing but attested methods"] },
    ],
  },
  {
    id: "T-GEN-2",
    adversary: "all",
    promise: "who fetches reports does not say for whom",
    mechanism: "the request is empty: everybody is given all reports",
    shown: [
      { file: PLAIN_FIELDS, names: ["who fetches reports sends nothing at all"] },
      {
        file: "services/fog-report/test/fog-report.test.ts",
        names: ["serves every report id, DCAP and EPID, in one answer"],
      },
    ],
  },
];
