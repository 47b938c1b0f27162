export { ComparedSlot, type SlotDifference } from "./compared-slot.ts";
export {
  ac,
  ap,
  blocking,
  counter,
  largestQuorum,
  type ModelDump,
  ModelSlot,
  order,
  slice,
  vc,
  vp,
} from "./model-slot.ts";
