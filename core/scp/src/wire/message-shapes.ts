// Messages as MobileCoin's types put them together (spec 05 §1.8).
import type { Ballot } from "../ballot.ts";
import type { ConsensusMessage } from "../consensus-message.ts";
import type { CommitPayload, ExternalizePayload, Message, NominatePayload, PreparePayload, Topic } from "../message.ts";
import { type Value, type ValueList, valueList, valuesOf } from "../value.ts";
import { malformed } from "./cbor-input.ts";
import { consensusValue } from "./consensus-value.ts";
import { type CborShape, nodeId, quorumSet } from "./node-shapes.ts";
import { byteArray, list, mapped, oneOf, optional, type Shape, struct, u32, u64, type Variant } from "./shape.ts";
import { consensusValueOf, valueText } from "./value-text.ts";

const value: Shape<Value> = mapped(consensusValue, { to: consensusValueOf, from: valueText });

const values: Shape<ValueList> = mapped(list(value), { to: valuesOf, from: valueList });

/** Sets are written in order, so that equal sets have equal encodings. */
const valueSet: Shape<readonly Value[]> = mapped(list(value), { to: ascending, from: ascending });

const ballot: Shape<Ballot> = mapped(struct({ N: u32, X: values }), {
  to: ({ n, x }: Ballot) => ({ N: n, X: x }),
  from: ({ N, X }) => ({ n: N, x: X }),
});

const nominatePayload: Shape<NominatePayload> = mapped(struct({ X: valueSet, Y: valueSet }), {
  to: ({ x, y }: NominatePayload) => ({ X: x, Y: y }),
  from: ({ X, Y }) => ({ x: X, y: Y }),
});

const preparePayload: Shape<PreparePayload> = mapped(
  struct({ B: ballot, P: optional(ballot), PP: optional(ballot), CN: u32, HN: u32 }),
  {
    to: ({ b, p, pp, cn, hn }: PreparePayload) => ({ B: b, P: p, PP: pp, CN: cn, HN: hn }),
    from: ({ B, P, PP, CN, HN }) => ({ b: B, p: P, pp: PP, cn: CN, hn: HN }),
  },
);

const commitPayload: Shape<CommitPayload> = mapped(struct({ B: ballot, PN: u32, CN: u32, HN: u32 }), {
  to: ({ b, pn, cn, hn }: CommitPayload) => ({ B: b, PN: pn, CN: cn, HN: hn }),
  from: ({ B, PN, CN, HN }) => ({ b: B, pn: PN, cn: CN, hn: HN }),
});

const externalizePayload: Shape<ExternalizePayload> = mapped(struct({ C: ballot, HN: u32 }), {
  to: ({ c, hn }: ExternalizePayload) => ({ C: c, HN: hn }),
  from: ({ C, HN }) => ({ c: C, hn: HN }),
});

interface Payloads {
  readonly Nominate: NominatePayload;
  readonly NominatePrepare: Pick<Extract<Topic, { kind: "nominate-prepare" }>, "nominate" | "prepare">;
  readonly Prepare: PreparePayload;
  readonly Commit: CommitPayload;
  readonly Externalize: ExternalizePayload;
}

/** Two payloads without names: a list of exactly two. */
const bothPayloads: Shape<Payloads["NominatePrepare"]> = {
  write: (out, { nominate, prepare }) => {
    out.beginList(2);
    nominatePayload.write(out, nominate);
    preparePayload.write(out, prepare);
    out.endList();
  },
  read: (input) => {
    input.beginList();
    const next = <T>(shape: Shape<T>): T => {
      if (!input.item()) throw malformed("A payload is missing.");
      return shape.read(input);
    };
    const payloads = { nominate: next(nominatePayload), prepare: next(preparePayload) };
    if (input.item()) throw malformed("There are more than two payloads.");
    input.endList();
    return payloads;
  },
};

const topic: Shape<Topic> = mapped(
  oneOf<Payloads>({
    Nominate: nominatePayload,
    NominatePrepare: bothPayloads,
    Prepare: preparePayload,
    Commit: commitPayload,
    Externalize: externalizePayload,
  }),
  { to: topicToWire, from: topicFromWire },
);

const message: CborShape<Message> = mapped(
  struct({ sender_id: nodeId, slot_index: u64, quorum_set: quorumSet, topic }),
  {
    to: ({ sender, slotIndex, quorumSet, topic }: Message) => ({
      sender_id: sender,
      slot_index: slotIndex,
      quorum_set: quorumSet,
      topic,
    }),
    from: (wire) => ({
      sender: wire.sender_id,
      slotIndex: wire.slot_index,
      quorumSet: wire.quorum_set,
      topic: wire.topic,
    }),
  },
);

/** A signed message. */
export const consensusMessage: CborShape<ConsensusMessage> = mapped(
  struct({ scp_msg: message, prev_block_id: byteArray(32), signature: byteArray(64) }),
  {
    to: ({ message, previousBlockId, signature }: ConsensusMessage) => ({
      scp_msg: message,
      prev_block_id: previousBlockId,
      signature,
    }),
    from: (wire) => ({
      message: wire.scp_msg,
      previousBlockId: wire.prev_block_id,
      signature: wire.signature,
    }),
  },
);

function topicToWire(topic: Topic): Variant<Payloads> {
  switch (topic.kind) {
    case "nominate":
      return { name: "Nominate", content: topic.nominate };
    case "nominate-prepare":
      return { name: "NominatePrepare", content: topic };
    case "prepare":
      return { name: "Prepare", content: topic.prepare };
    case "commit":
      return { name: "Commit", content: topic.commit };
    case "externalize":
      return { name: "Externalize", content: topic.externalize };
    default:
      return topic satisfies never;
  }
}

function topicFromWire({ name, content }: Variant<Payloads>): Topic {
  switch (name) {
    case "Nominate":
      return { kind: "nominate", nominate: content };
    case "NominatePrepare":
      return { kind: "nominate-prepare", ...content };
    case "Prepare":
      return { kind: "prepare", prepare: content };
    case "Commit":
      return { kind: "commit", commit: content };
    case "Externalize":
      return { kind: "externalize", externalize: content };
    default:
      return name satisfies never;
  }
}

function ascending(list: readonly Value[]): readonly Value[] {
  if (list.some((each, i) => i > 0 && (list[i - 1] ?? "") >= each))
    throw malformed("The values of a set do not ascend.");
  return list;
}
