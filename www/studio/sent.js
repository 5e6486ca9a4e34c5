/** How many bytes left this page? Counts every door the browser has, and what it refused to let through. */

/** @typedef {{ bytes: number, attempts: number, refused: number }} Sent bytes that may have left, calls, and calls the browser refused */

/**
 * Puts a counter on every way a script can send something, in a page or in a worker. A call counts before it is made;
 * when the browser says that the policy refused it, its bytes have not left and are taken back.
 * @param {any} scope `window` or a worker's `self`
 * @param {(sent: Sent) => void} onChange called after every change
 */
export function countSent(scope, onChange) {
  /** @type {Sent} */
  const sent = { bytes: 0, attempts: 0, refused: 0 };
  /** @type {{ origin: string, bytes: number }[]} */
  const open = [];
  const count = (/** @type {unknown} */ address, /** @type {unknown} */ body) => {
    const bytes = size(body);
    sent.bytes += bytes;
    sent.attempts += 1;
    open.push({ origin: originOf(address, scope), bytes });
    onChange(sent);
  };
  scope.addEventListener('securitypolicyviolation', (/** @type {SecurityPolicyViolationEvent} */ event) => {
    if (event.effectiveDirective !== 'connect-src') return;
    const index = open.findIndex(({ origin }) => origin === originOf(event.blockedURI, scope));
    if (index >= 0) sent.bytes -= open.splice(index, 1)[0].bytes;
    sent.refused += 1;
    onChange(sent);
  });

  wrap(scope, 'fetch', (args) => count(args[0]?.url ?? args[0], args[1]?.body));
  const request = scope.XMLHttpRequest?.prototype;
  if (request) {
    /** @type {WeakMap<object, unknown>} */
    const addresses = new WeakMap();
    wrap(request, 'open', (args, self) => addresses.set(self, args[1]));
    wrap(request, 'send', (args, self) => count(addresses.get(self), args[0]));
  }
  if (scope.navigator.sendBeacon) wrap(Object.getPrototypeOf(scope.navigator), 'sendBeacon', (args) => count(args[0], args[1]));
  for (const name of ['WebSocket', 'EventSource', 'WebTransport']) {
    if (!scope[name]) continue;
    scope[name] = new Proxy(scope[name], {
      construct(target, args, newTarget) {
        count(args[0], null);
        return Reflect.construct(target, args, newTarget);
      },
    });
  }
  const socket = scope.WebSocket?.prototype;
  if (socket) wrap(socket, 'send', (args, self) => count(self.url, args[0]));
}

/**
 * Calls `before` whenever a method is called.
 * @param {any} owner
 * @param {string} name
 * @param {(args: any[], self: any) => void} before
 */
function wrap(owner, name, before) {
  const real = owner[name];
  if (typeof real !== 'function') return;
  owner[name] = function (/** @type {any[]} */ ...args) {
    before(args, this);
    return real.apply(this, args);
  };
}

/**
 * @param {unknown} address
 * @param {any} scope
 */
function originOf(address, scope) {
  try {
    return new URL(String(address), scope.location.href).origin;
  } catch {
    return String(address);
  }
}

/**
 * Bytes of a request body.
 * @param {unknown} body
 * @returns {number}
 */
function size(body) {
  if (body === null || body === undefined) return 0;
  if (typeof body === 'string') return new TextEncoder().encode(body).length;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength;
  if (body instanceof Blob) return body.size;
  if (body instanceof URLSearchParams) return size(body.toString());
  if (body instanceof FormData) {
    let total = 0;
    for (const [name, value] of body) total += size(name) + size(value);
    return total;
  }
  // A stream or a document: its length is unknown, so it counts as one byte rather than as none.
  return 1;
}
