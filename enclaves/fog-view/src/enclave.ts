// What the bundle exports: the enclave as it runs in production, with nothing put in the place of its own.
import type { Enclave, EnclaveParts } from "@fogbow/runtime-enclave";
import { createFogViewEnclave } from "./view-enclave.ts";

/** Makes the enclave of a store or a router of Fog View. */
export default function makeFogView(parts: EnclaveParts): Enclave {
  return createFogViewEnclave(parts);
}
