// The face of Fog Ledger's answers in `assembly/fog-ledger-answers.ts`.
import { type Export, expectLength, expectWhole, type Instance } from "./instance.ts";
import type { FogLedger, FogLedgerMap, FogLedgerMapOptions } from "./kernel.ts";
import { createMap, type MapExports, parts } from "./oblivious.ts";

const KEY_BYTES = 32;
const RECORD_BYTES = 56;

type AnswerExport = "keyImageRecords" | "keyImageResults" | "outputLookupCombine" | "outputLookupResults";

/** How a map is laid out, and what reads it. */
interface MapForm {
  readonly valueBytes: number;
  readonly answerBytes: number;
  readonly answer: "keyImageRecords" | "outputLookupResults";
}

const KEY_IMAGES: MapForm = { valueBytes: 16, answerBytes: RECORD_BYTES, answer: "keyImageRecords" };
const OUTPUTS: MapForm = { valueBytes: 24, answerBytes: 34, answer: "outputLookupResults" };
const KEY_IMAGE_RESULT_BYTES = 66;
const OUTPUT_RESULT_BYTES = OUTPUTS.answerBytes;

/** Fog Ledger's maps and answers on one kernel instance. Wrong sizes throw {@link KernelError} `invalid-length`. */
export function createFogLedger(instance: Instance): FogLedger {
  // The record is open-ended by type; these are the names of `assembly/index.ts`.
  const exports = instance.exports as Readonly<Record<AnswerExport, Export>> & MapExports;

  const createForm = (form: MapForm, { capacity, seed }: FogLedgerMapOptions): FogLedgerMap => {
    const { valueBytes, answerBytes, answer } = form;
    const map = createMap(instance, exports, { keyBytes: KEY_BYTES, valueBytes, capacity, seed });
    return {
      capacity,
      get size() {
        return map.size;
      },
      insert: (keys, values) => map.upsert(inverted(keys), values),
      answers(keys) {
        const n = expectWhole(keys, KEY_BYTES, "The keys");
        const answers = new Uint8Array(n * answerBytes);
        for (const { first, last } of parts(n)) {
          map.run((io) => {
            const out = io.reserve((last - first) * answerBytes);
            exports[answer](map.address, out, io.put(keys.subarray(first * KEY_BYTES, last * KEY_BYTES)), last - first);
            answers.set(io.take(out, (last - first) * answerBytes), first * answerBytes);
          });
        }
        return answers;
      },
    };
  };

  return {
    createKeyImages: (options) => createForm(KEY_IMAGES, options),
    createOutputs: (options) => createForm(OUTPUTS, options),

    combineOutputs(answers) {
      const n = expectWhole(answers[0] ?? new Uint8Array(0), OUTPUT_RESULT_BYTES, "The answers");
      for (const answer of answers) expectLength(answer, n * OUTPUT_RESULT_BYTES, "The answers of a shard");
      return instance.exchange((io) => {
        const out = io.reserve(n * OUTPUT_RESULT_BYTES);
        const given = io.reserve(answers.length * n * OUTPUT_RESULT_BYTES);
        for (const [i, answer] of answers.entries()) io.memory.set(answer, given + i * n * OUTPUT_RESULT_BYTES);
        exports.outputLookupCombine(out, n, given, answers.length);
        return io.take(out, n * OUTPUT_RESULT_BYTES);
      });
    },

    keyImageResults(keyImages, records) {
      const n = expectWhole(keyImages, KEY_BYTES, "The key images");
      const m = expectWhole(records, RECORD_BYTES, "The records");
      return instance.exchange((io) => {
        const out = io.reserve(n * KEY_IMAGE_RESULT_BYTES);
        exports.keyImageResults(out, io.put(keyImages), n, io.put(records), m);
        return io.take(out, n * KEY_IMAGE_RESULT_BYTES);
      });
    },
  };
}

/** Each key with its first byte inverted, as it is in the map. What goes into a map is public. */
function inverted(keys: Uint8Array): Uint8Array {
  const changed = keys.slice();
  for (let i = 0; i < changed.length; i += KEY_BYTES) changed[i] = ~(changed[i] as number); // Within the keys.
  return changed;
}
