// AttestedApi.Auth of clients: a channel to the enclave.
import { Code } from "@connectrpc/connect";
import type { AuthMessage } from "@fogbow/core-wire";
import { enclaveError } from "../../replica/enclave-door.ts";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/** Begins a client's channel. `PERMISSION_DENIED` for a handshake that the enclave refuses. */
export function clientAuth({ door }: Pick<Served, "door">): Handler<AuthMessage, AuthMessage> {
  return async (request, { signal } = {}) => {
    try {
      return await door.clientAuth(request, signal && { signal });
    } catch (error) {
      throw enclaveError(error, Code.PermissionDenied);
    }
  };
}
