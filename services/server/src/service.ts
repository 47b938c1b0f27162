// A service and how its RPCs are bounded, ready to be served.
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type MethodImpl, type ServiceImpl } from "@connectrpc/connect";
import { bounded } from "./call.ts";
import type { RpcLimits, ServiceLimits } from "./rpc-limits.ts";

/** A service with its implementation. */
export interface ServedService {
  /** Whether everybody may call: no token is asked for, and no chain. */
  readonly isOpen: boolean;
  readonly limitsOf: (method: DescMethod) => RpcLimits;
  readonly service: DescService;
  readonly register: (router: ConnectRouter) => void;
}

/** Every RPC of a service has limits; one that a server does not offer is answered `UNIMPLEMENTED`. */
export function serveService<Service extends DescService>(
  service: Service,
  limits: ServiceLimits<Service>,
  implementation: Partial<ServiceImpl<Service>>,
  { isOpen = false }: { readonly isOpen?: boolean } = {},
): ServedService {
  const limitsOf = ({ localName }: DescMethod): RpcLimits => limits[localName as keyof Service["method"]]; // Its own name.
  return {
    isOpen,
    service,
    limitsOf,
    register: (router) => {
      for (const method of service.methods) {
        const { requestBytesMax, responseBytesMax } = limitsOf(method);
        const implemented: unknown = implementation[method.localName as keyof ServiceImpl<Service>]; // Its own name.
        const run = typeof implemented === "function" ? implemented.bind(implementation) : notOffered(method);
        // The types of a service's methods are lost when one goes through them; this is the one of this very method.
        router.rpc(method, run as MethodImpl<typeof method>, {
          readMaxBytes: requestBytesMax,
          writeMaxBytes: responseBytesMax,
          interceptors: [bounded],
        });
      }
    },
  };
}

const notOffered =
  ({ name }: DescMethod) =>
  (): never => {
    throw new ConnectError(`This server does not offer ${name}.`, Code.Unimplemented);
  };
