// What the bundle exports: the enclave as it runs in production, with nothing put in the place of its own.
import type { Enclave, EnclaveParts } from "@fogbow/runtime-enclave";
import { createFogIngestEnclave } from "./fog-ingest-enclave.ts";

/** Makes the enclave of an ingest server. */
export default function makeFogIngest(parts: EnclaveParts): Enclave {
  return createFogIngestEnclave(parts);
}
