/** The shapes that cross between page and core, as a page sees them. `zugabe schema NAME` prints the full documents. */

/** Money is integer minor units, an instant RFC 3339 with offset, a rate basis points. Absent fields are omitted, never null. */
export type Instant = string;

/** A text as it was written, or a value that becomes one. */
export type Json = string | object;

/** Where the wasm comes from: an address, an answer, its bytes or the compiled module. */
export type WasmSource = string | URL | Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;

/** Who gets what, with cost, expected effect and the price of budget: `zugabe schema plan` has every field. */
export interface Plan {
  v: 1;
  currency: string;
  audience: string;
  since?: string;
  until?: string;
  total: number;
  rows: {
    customer: string;
    order?: string;
    stage: string;
    tier: string;
    orderNumber: number;
    option?: string;
    kind?: string;
    cost: number;
    gross: number;
    profit: number;
    breakEvenBp?: number;
  }[];
  options: {
    option: string;
    kind: string;
    customers: number;
    cost: number;
    gross: number;
    profit: number;
    cannibalised: number;
    back: number;
    paysFrom?: number;
    neverPays: number;
    expectedMore: number;
    upliftBp: number;
    redeemBp: number;
    assumed: string[];
    words: string;
  }[];
  budgets: {
    id: string;
    amount: number;
    spent: number;
    planned: number;
    value: number;
    bound: number;
    priceBp: number;
    method: 'exact' | 'lagrange';
    words: string;
  }[];
  cost: number;
  gross: number;
  profit: number;
  cannibalised: number;
  missing: { path: string; low: number; high: number; words: string }[];
  holdout?: { suggestedBp: number; customers: number; months?: number; words: string };
  words: string;
}

/** The published policy; what it holds is the core's business. */
export type Policy = object;

export interface Request {
  v: 1;
  now: Instant;
  locale: string;
  moment: { type: string; at: Instant };
  subject: { id: string; identity: 'anonymous' | 'login' | 'order' | 'loyalty_card' | 'signed_link'; name?: string };
  consent?: {
    objected?: boolean;
    profiling?: boolean;
    email?: string;
    /** With `email: 'existing_customer'`: all four conditions have to hold. */
    existingCustomer?: { addressFromSale?: boolean; similarGoods?: boolean; noObjection?: boolean; notified?: boolean };
    ads?: boolean;
    phone?: boolean;
    storage?: boolean;
  };
  facts?: { stage?: string; tier?: string; orderNumber?: number; days?: number; openProblem?: boolean; code?: string; codes?: Record<string, string> };
  order?: {
    id: string;
    currency: string;
    subtotal: number;
    parcel?: boolean;
    tags?: string[];
    source?: string;
    country?: string;
  };
  state?: {
    attempts?: number;
    lastOption?: string;
    sent?: Record<string, number>;
    stock?: Record<string, number>;
  };
}

/** What a person reads about one option. */
export interface Text {
  headline: string;
  body: string;
  conditions?: string;
  /** What the law wants said about its price. */
  notice?: string | string[];
  why: string;
}

/** What somebody agreed to; what is absent she did not agree to. */
export interface Consent {
  /** The page may remember, on the device, how often something was offered. */
  storage?: boolean;
  /** What is offered may be chosen by more than simple criteria. */
  profiling?: boolean;
  /** Advertisements elsewhere may be adjusted. */
  ads?: boolean;
}

/** One thing that is offered. */
export interface Offer {
  option: string;
  kind: string;
  purpose: string;
  condition?: string;
  expiresAt?: Instant;
  /** The canonical symbols. */
  code?: string;
  /** The same in groups of four. */
  shownCode?: string;
  /** The absolute address that leads a friend to the code. */
  link?: string;
  url?: string;
  text: Text;
}

/** The words on buttons and marks, in the decision's language. */
export type Labels = Record<string, string>;

export interface Decision {
  v: 1;
  policy: string;
  reason: string;
  moment?: string;
  channel?: string;
  /** The language of its texts. */
  locale: string;
  /** Absent when nothing may be said. */
  main?: Offer;
  beside?: Offer;
  steps: { step: string; read?: string[]; cell?: string; rank?: number; locale?: string }[];
  rejected: { option: string; code: string; field: string; provided?: unknown; required?: unknown }[];
  bucket?: { n: number; propensityBp: number };
  caps?: { counter: string; used?: number; limit: number; adds?: number }[];
  basis?: Record<string, string>;
  labels: Labels;
}

export interface FriendRequest {
  v: 1;
  now: Instant;
  locale: string;
  code: string;
}

export type CodeVerdict = 'ok' | 'typo' | 'length' | 'symbol';

export interface FriendOffer {
  v: 1;
  policy: string;
  locale: string;
  verdict: CodeVerdict;
  code?: string;
  shownCode?: string;
  headline: string;
  body: string;
  conditions?: string;
  /** The shop's address. */
  url?: string;
  labels: Labels;
  expired: boolean;
}

export interface ParsedCode {
  verdict: CodeVerdict;
  code?: string;
  shownCode?: string;
}

/** What a parcel insert holds. */
export interface Insert {
  v: 1;
  locale: string;
  brand: { name: string; tagline?: string; color?: string };
  headline: string;
  body: string;
  gift?: string;
  code?: string;
  shownCode?: string;
  link?: string;
  shortLink?: string;
  qrSvg?: string;
  codeText?: string;
  conditions?: string;
  contact?: string;
  why?: string;
}

export interface EngineOptions {
  /** The policy, or where it is. */
  policy: Policy | string | URL;
  wasm?: WasmSource;
}

/** What wasm-bindgen makes of every artefact. */
export interface Glue {
  default(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;
  initSync(options: { module: BufferSource | WebAssembly.Module }): unknown;
}

export interface PageGlue extends Glue {
  Engine: new (policy: Policy) => {
    decide(request: Request): Decision;
    friend(request: FriendRequest): FriendOffer;
    free(): void;
  };
  parseCode(text: string): ParsedCode;
}

export interface FullGlue extends Glue {
  Shop: new (options: string) => {
    openFile(name: string, options: string): void;
    push(bytes: Uint8Array): string;
    closeFile(): string;
    cancelFile(): void;
    loadSample(seed: number, end: string): void;
    finish(): string;
    score(options: string): string;
    model(): string;
    customers(query: string): string;
    customer(id: string): string;
    order(id: string): string;
    guests(offset: number, limit: number): string;
    preview(request: string): string;
    plan(request: string): string;
    codesCsv(request: string): string;
    coverage(request: string): string;
    settle(request: string): string;
    value(): string;
    atRisk(offset: number, limit: number): string;
    calibration(days: number): string;
    referralValues(request: string): string;
    free(): void;
  };
  Codes: new (keys: string) => { verify(code: string): string; free(): void };
  Service: new (program: string, model: string, keys: string, tenant: string) => {
    policy(now: string): string;
    decide(request: string): string;
    reserve(context: string, body: string): string;
    redeem(context: string, body: string): string;
    release(context: string, body: string): string;
    order(context: string, body: string, taken: string): string;
    claim(context: string, body: string, token: string): string;
    renewed(now: string, claim: string, row: string): string;
    reward(context: string, body: string): string;
    came(body: string): string;
    referrals(body: string): string;
    platformOrder(context: string, event: string, newFriend?: boolean): string;
    claimed(now: string, row: string): string;
    lookedUp(body: string): string;
    lookUp(now: string, body: string, row: string): string;
    token(context: string, body: string): string;
    openToken(now: string, token: string): string;
    person(body: string): string;
    free(): void;
  };
  Books: new () => { apply(operation: string): string; execute(steps: string): string; rows(): string; free(): void };
  BooksAudit: new () => { take(table: string, rows: string): void; finish(): string; free(): void };
  BooksPlanner: new () => { plan(operation: string): string; free(): void };
  booksPlan(operation: string): string;
  booksFinish(operation: string, results: string): string;
  booksOrderEvent(event: string): string;
  booksTables(): string;
  booksFind(person: string): string;
  booksFound(person: string, results: string): string;
  booksKnown(person: string, results: string): string;
  booksForget(person: string, results: string, nobody: string): string;
  booksTold(answer: string): string;
  referralNext(call: string, rows: string): string;
  referralTerms(program: string): string;
  hashPerson(keys: string, person: string): string;
  settle(orders: string, request: string): string;
  Push: new (job: string, progress: string) => {
    step(): string;
    answer(response: string): void;
    interrupted(): void;
    progress(): string;
    free(): void;
  };
  rehearsePush(job: string): string;
  receiveWebhook(request: string, body: Uint8Array, keys: string): string;
  webhookShop(platform: string, headers: string, body: Uint8Array): string;
  shopwareRegister(request: string): string;
  shopwareConfirm(request: string, body: Uint8Array): string;
  checkProgram(program: string): string;
  starterProgram(answers: string): string;
  publish(program: string, model: string, options: string): string;
  decide(policy: string, request: string): string;
  decidePrivately(program: string, model: string, request: string, options: string): string;
  explain(program: string, model: string, request: string, options: string): string;
  whyNot(program: string, model: string, request: string, options: string, option: string): string;
  friend(policy: string, request: string): string;
  newKeys(): string;
  emailKey(keys: string): string;
  mint(keys: string, request: string): string;
  issueCodes(keys: string, request: string): string;
  mintToken(keys: string, request: string): string;
  verifyToken(keys: string, token: string, now: string): string;
  verify(keys: string, code: string): string;
  price(request: string): string;
  refund(request: string): string;
  parseCode(code: string): string;
  qrSvg(content: string): string;
  blockSvg(code: string, link: string): string;
  importOrders(name: string, bytes: Uint8Array, options: string): string;
  scoreOrders(orders: string, options: string): string;
  fit(table: Uint8Array, model: string, penalty: number): string;
  predict(table: Uint8Array, model: string, params: string, outlook: string): string;
  version(): string;
}

/** A shop's orders in memory: files in, customers and previews out. */
export interface Shop {
  openFile(name: string, options?: Json): void;
  push(bytes: Uint8Array): { bytes: number; lines: number; orders: number };
  closeFile(): any;
  cancelFile(): void;
  /** The generated tea shop in place of files; `end` is its last day. */
  loadSample(seed: number, end: string): void;
  finish(): any;
  score(options?: Json): any;
  model(): any;
  customers(query: Json): { total: number; rows: any[] };
  customer(id: string): { row: any; orders: any[] };
  order(id: string): any;
  guests(offset: number, limit: number): { total: number; rows: any[] };
  preview(request: Json): any;
  codesCsv(request: Json): string;
  coverage(request: Json): any;
  /** Who is owed what for recommendations; `booksText` is for the next run. */
  settle(request: Json): { settled: any; booksText: string };
  /** What the customers are worth, and how silence and frequency tell who still buys. */
  value(): any;
  /** Customers about to be lost, those with most at stake first. */
  atRisk(offset: number, limit: number): { total: number; atStake: number; rows: { row: any; atStake: number }[] };
  /** What the model would have said of the last days, beside what came. */
  calibration(days: number): any;
  /** The value of each customer's own purchases and, beside it, of those she brought. */
  referralValues(request: Json): any[];
  free(): void;
}

/** One minted code. */
export interface Minted {
  code: string;
  shownCode: string;
  batch: number;
  serial: number;
}

/** Minted codes and what leaves the house with them. */
export interface IssuedCodes {
  codes: Minted[];
  /** Where the next minting of the batch begins. */
  nextStart: number;
  /** The promotion, where the platform creates it apart from its codes (Shopify, Shopware). */
  terms?: any;
  /** The file of codes as the platform imports it. */
  platformFile?: string;
  /** The batch's entry in the list of issued batches. */
  issued?: any;
  /** A page of printable blocks: HTML. */
  blocks?: string;
}

/** What a link token is, to the one who has the keys. */
export interface VerifiedToken {
  verdict: 'ok' | 'unknown';
  kid?: number;
  campaign?: number;
  serial?: number;
  expiresAt?: Instant;
  flags?: number;
}

/** What a code is, to the one who has the keys. */
export interface Verified {
  verdict: CodeVerdict | 'unknown';
  batch?: number;
  serial?: number;
  kid?: number;
}

/** A code that is to be made, and what for. */
export interface Claim {
  option: string;
  claim: string;
  setup: object[];
  kid: number;
  issue: any;
  referrer?: object;
  renews?: boolean;
}

/** A program made ready to answer a shop's server; `zugabe/server` puts it behind HTTP. */
export interface Service {
  policy(now: Instant): Policy;
  decide(request: Json): Decision;
  /** The `BooksOperation` of a request's body, as text. */
  operation(what: 'reserve' | 'redeem' | 'release', context: Json, body: Json): string;
  /** `taken`: the codes that the books have for the order, where the event names none. */
  order(context: Json, body: Json, taken: string[]): { operations: any[]; recommendation: object };
  /** The same for an event that a platform's webhook brought. */
  platformOrder(context: Json, event: Json, newFriend?: boolean): { operations: any[]; recommendation: object };
  /** What is to be done for a claim; without `claim` the option is not offered. */
  claim(context: Json, body: Json, token: string): { claim?: Claim };
  /** The claim that follows one whose code has ended; `null` while that code is the answer. */
  renewed(now: Instant, claim: Json, row: Json): Claim | null;
  /** The same for a reward that is due. */
  reward(context: Json, body: Json): { claim?: Claim };
  /** What recommendations are told of a friend who came with a code. */
  came(body: Json): object;
  /** What recommendations are asked. */
  referrals(body: Json): object;
  claimed(now: Instant, row: Json): { option: string; code: string; shownCode: string; link?: string; expiresAt?: Instant };
  lookedUp(body: Json): string;
  /** `null` for every code that is of no use to a friend. */
  lookUp(now: Instant, body: Json, row: Json | undefined): FriendOffer | null;
  token(context: Json, body: Json): { token: string; expiresAt: Instant };
  /** Empty for a token that is not ours, was changed or is over. */
  openToken(now: Instant, token: string): string;
  person(body: Json): any;
  free(): void;
}

/** What a shop is to take over: codes, facts, policy. `zugabe schema push-job` has every field. */
export interface PushJob {
  v: 1;
  platform: PlatformName;
  /** `https://tea.myshopify.com` */
  shop: string;
  apiVersion?: string;
  now: Instant;
  /** What the codes stand for: as in `issueCodes`. */
  terms?: any;
  codes?: string[];
  salesChannels?: string[];
  pattern?: string;
  facts?: { customer: string; tier?: string; stage?: string; orderNumber?: number; code?: string; sent?: number; objected?: boolean }[];
  tags?: boolean;
  policy?: string;
}

export interface PushRequest {
  call: string;
  method: 'GET' | 'POST';
  url: string;
  body?: string;
  items: number;
}

/** How far a push has come: keep it, and hand it over to go on. It holds no code and no token. */
export type PushProgress = object;

export interface PushReport {
  v: 1;
  platform: PlatformName;
  promotion?: string;
  /** Codes that are in the shop now. */
  codes: number;
  /** Of them, those that were there before. */
  present: number;
  customers: number;
  policy: boolean;
  refusedCount: number;
  refused?: { code?: number; customer?: string; why: string }[];
}

export type PushStep =
  | { type: 'request'; request: PushRequest }
  | { type: 'wait'; seconds: number; why: string }
  | { type: 'done'; report: PushReport };

export interface PushHandle {
  step(): PushStep;
  answer(response: { status: number; retryAfter?: number; body: string }): void;
  interrupted(): void;
  progress(): PushProgress;
  free(): void;
}

/** How the shop knows us. */
export type PushCredentials =
  | { accessToken: string }
  | { clientId: string; clientSecret: string }
  | { consumerKey: string; consumerSecret: string };

export interface PushOptions {
  /** The full core: `import * as core from 'zugabe/node'`, or what `loadFull()` gives. */
  core: Pick<FullApi, 'Push' | 'rehearsePush'>;
  /** Shopify: `accessToken`. Shopware: `clientId`, `clientSecret`. WooCommerce: `consumerKey`, `consumerSecret`. */
  credentials: PushCredentials;
  /** Where an earlier run has come to. */
  progress?: PushProgress;
  /** Keeps how far it has come: before every request and after every answer. */
  save?(progress: PushProgress): unknown;
  /** Told before every request and every wait. */
  onStep?(step: PushStep): void;
  fetch?: typeof globalThis.fetch;
  /** Milliseconds. */
  sleep?(milliseconds: number): Promise<unknown>;
  /** Milliseconds until a request counts as lost; 60 s. */
  timeout?: number;
  signal?: AbortSignal;
}

/** The shop systems that speak with us. */
export type PlatformName = 'shopify' | 'shopware' | 'woocommerce';

/** A person in a webhook: no name, no address. `email` is the keyed hash. */
export interface WebhookPerson {
  customer?: string;
  email?: string;
  orders?: string[];
}

/** What a verified webhook says; `zugabe schema webhook` has every field. */
export interface Webhook {
  v: 1;
  platform: PlatformName;
  shop: string;
  topic: string;
  /** The same in every repetition of this delivery. */
  delivery?: string;
  at?: Instant;
  content: WebhookContent;
}

export type WebhookContent =
  | {
      type: 'order';
      /** The canonical order. */
      order: any;
      /** For `booksOrderEvent`; absent where nothing has happened yet. */
      books?: any;
      /** Platform, shop, order and what happened: effects of your own happen once for each. */
      once?: string;
    }
  | { type: 'refund'; order: string; refund: string; amount: number; currency?: string; once: string }
  | { type: 'data_request'; person: WebhookPerson; request?: string }
  | { type: 'redact'; people: WebhookPerson[] }
  | { type: 'redact_shop' }
  | { type: 'uninstalled'; keep: boolean }
  | { type: 'ping' }
  | { type: 'other'; id?: string }
  | { type: 'unreadable'; error: { code: string; message: string; path: string } };

/** What is known of a Shopware shop that has installed the app. */
export interface ShopwareShop {
  shop: string;
  url: string;
  /** What the shop signs with; absent until it has confirmed. */
  secret?: string;
  /** What it signed with before, and until when (milliseconds) that still holds for what was on its way. */
  previous?: { secret: string; until: number };
  /** Handed out, and not confirmed yet. */
  pending?: { secret: string; url: string };
  /** How to log in at the shop's Admin API. */
  apiKey?: string;
  secretKey?: string;
}

/** Where the shops are kept: a `Map` will do for one process. Keep it as you keep keys. */
export interface ShopwareStore {
  get(shop: string): ShopwareShop | undefined | Promise<ShopwareShop | undefined>;
  set(shop: string, known: ShopwareShop): unknown;
  delete(shop: string): unknown;
}

type Secrets = string | string[];

export interface WebhookOptions {
  /** The full core: `import * as core from 'zugabe/node'`, or what `loadFull()` gives. */
  core: Pick<FullApi, 'receiveWebhook' | 'webhookShop' | 'shopwareRegister' | 'shopwareConfirm'>;
  /**
   * An order or a refund. The platform is answered when this is done: write it down, and work later. When it fails, the platform is
   * told to come again.
   */
  onOrder(webhook: Webhook): unknown;
  /** Somebody asks what is known, or is to be forgotten: `data_request`, `redact`, `redact_shop`. */
  onPrivacy(webhook: Webhook): unknown;
  /** The app is gone from the shop. */
  onUninstalled?(webhook: Webhook): unknown;
  /** Whatever else was signed: other topics, and bodies that cannot be read. */
  onOther?(webhook: Webhook): unknown;
  /** Something of yours failed while a webhook was taken in. */
  onError?(error: unknown): void;
  /** The app's client secret; two while you rotate it. `shop` lets only that shop in. */
  shopify?: { secrets: Secrets; shop?: string };
  /** The secret of the webhooks; `shop` is the address of the shop. */
  woocommerce?: { secrets: Secrets; shop?: string };
  /** The app: name and secret as in the manifest or the store account, and the address this server is reached at. */
  shopware?: { app: string; secrets: Secrets; url: string; store: ShopwareStore; trustAppSecret?: boolean };
  /** Whose books: one for all shops, or by shop. Without it webhooks have no `books`. */
  tenant?: string | ((platform: PlatformName, shop: string) => string | undefined | Promise<string | undefined>);
  currency?: string;
  timeZone?: string;
  /** The key file: e-mail addresses are hashed with it, as in the shop's orders. */
  keys?: Json;
  /** In its place, the key for e-mail addresses alone: 64 hexadecimal digits. */
  hashKey?: string;
  /** Which deliveries were taken in: a `Set` will do for one process. Repetitions are answered and dropped. */
  seen?: { has(delivery: string): boolean | Promise<boolean>; add(delivery: string): unknown };
  now?: () => Instant;
  /** Bytes that are taken at most; 4 MB. */
  limit?: number;
}

export interface FullApi {
  /** The requests of a shop's server, answered with operations on the books. */
  Service: new (program: Json, model: Json | undefined, keys: Json, tenant: string) => Service;
  /** Options hold at least `now`: the core has no clock. */
  Shop: new (options: Json) => Shop;
  /** What is wrong with a program, where, and what to do. */
  checkProgram(program: Json): any;
  /** A first program, as text a merchant can edit. */
  starterProgram(answers: Json): string;
  /** The public policy for one audience. Without a model the suggestions rest on assumptions. */
  publish(program: Json, model: Json | undefined, options: Json): Policy;
  decide(policy: Json, request: Json): Decision;
  /** Decides by the private program; the trace has the numbers. */
  decidePrivately(program: Json, model: Json | undefined, request: Json, options: Json): any;
  explain(program: Json, model: Json | undefined, request: Json, options: Json): string;
  whyNot(program: Json, model: Json | undefined, request: Json, options: Json, option: string): string;
  friend(policy: Json, request: Json): FriendOffer;
  /** A new key set from the platform's randomness. Secret: it goes into a file of its own. */
  newKeys(): string;
  /** The key under which a key set hashes e-mail addresses: `hashKey` of an import's options, so that both give people the same names. A secret. */
  emailKey(keys: Json): string;
  mint(keys: Json, request: Json): Minted[];
  /** Mints codes, with the file by which Shopify, Shopware or WooCommerce takes them over and printable blocks. */
  issueCodes(keys: Json, request: Json): IssuedCodes;
  /** A link token, by a `TokenRequest`. */
  mintToken(keys: Json, request: Json): string;
  /** What a link token is at an instant; whatever is wrong with it, it reads `unknown`. */
  verifyToken(keys: Json, token: string, now: string): VerifiedToken;
  /** Anything well formed that is not ours reads `unknown`, whatever the reason. */
  verify(keys: Json, code: string): Verified;
  /** The same for many codes: the keys are derived once. */
  Codes: new (keys: Json) => { verify(code: string): Verified; free(): void };
  /** The books in memory, for tests and demos; `docs/books.md`. */
  Books: new () => { apply(operation: Json): any; execute(steps: Json): any; rows(): Record<string, Record<string, string | number>[]>; free(): void };
  /** Checks books that lie elsewhere: every row of every table in any order, then the findings. */
  BooksAudit: new () => { take(table: string, rows: Json): void; finish(): any; free(): void };
  /** Plans for a store that prepares statements: shape, values, and the statements where the shape is new. */
  BooksPlanner: new () => { plan(operation: Json): any; planText(operation: Json): string; free(): void };
  /** The statements of an operation, for a store to run in one transaction. */
  booksPlan(operation: Json): any;
  /** What came of it. */
  booksFinish(operation: Json, results: Json): any;
  /** The operations of a platform's order event. */
  booksOrderEvent(event: Json): any[];
  /** The tables, as data and as SQL. */
  booksTables(): any;
  /** The statements that find a person in the books. */
  booksFind(person: Json): any[];
  /** Her rows, by table. */
  booksFound(person: Json, results: Json): Record<string, Record<string, string | number>[]>;
  /** Her with the addresses that her accounts were used with, as those statements found them: look for these, too. */
  booksKnown(person: Json, results: Json): any;
  /** The statements that put a name made by chance in her place: sums stay, nothing leads back. */
  booksForget(person: Json, results: Json, nobody: string): any[];
  /** What is told outside of a refusal, with its status; `null` for an answer that is none. */
  booksTold(answer: Json): { told: string; message: string; status: number } | null;
  /** What is to be read, written or answered next when something happens to a recommendation; `docs/referral.md`. */
  referralNext(call: Json, rows?: Json): { v: 1; read?: any[]; write?: any; answer?: any };
  /** The terms on which a program rewards recommendations. */
  referralTerms(program: Json): any;
  /** Somebody in keyed hashes: the only form in which recommendations know people. */
  hashPerson(keys: Json, person: Json): any;
  /** Who is owed what for recommendations, by canonical orders; `booksText` is for the next run. */
  settle(orders: string | object[], request: Json): { settled: any; booksText: string };
  /** Codes and facts on their way into a shop; `zugabe/push` sends what it says. */
  Push: new (job: Json, progress?: Json) => PushHandle;
  /** Every request that a job would send to an empty shop. Nothing is sent. */
  rehearsePush(job: Json): PushRequest[];
  /** A delivery of a shop platform, verified over the bytes of its body and read; `zugabe schema webhook`. E-mail addresses are hashed with the keys. */
  receiveWebhook(request: Json, body: Uint8Array | string, keys?: Json): Webhook;
  /** The shop a delivery says it comes from, to look up its secret. Nothing is verified. */
  webhookShop(platform: PlatformName, headers: Json, body: Uint8Array | string): { shop?: string };
  /** Verifies that a Shopware shop asks to be registered; `proof` belongs into the answer. */
  shopwareRegister(request: Json): { shop: string; url: string; proof: string };
  /** Verifies that the shop confirms, and tells how it may be spoken to. */
  shopwareConfirm(request: Json, body: Uint8Array | string): { shop: string; apiKey: string; secretKey: string };
  /** What the promotions take off this cart. */
  price(request: Json): any;
  /** What is paid back when lines of a priced cart return. */
  refund(request: Json): any;
  parseCode(code: string): ParsedCode;
  qrSvg(content: string): string;
  /** Code, short address and QR code of the same address, to be printed; `{code}` in the link is where the code belongs. */
  blockSvg(code: string, link: string): string;
  importOrders(name: string, bytes: Uint8Array, options: Json): { orders: any[]; report: any };
  /** Scores canonical orders, one JSON text a line. */
  scoreOrders(orders: string, options?: Json): { rows: any[]; summary: any; model: any };
  /** Fits bgnbd, mbgnbd, paretonbd or gammagamma to a table of customers (CSV or NDJSON); `docs/scores.md`. */
  fit(table: Uint8Array | string, model: string, penalty?: number): any;
  /** What is expected of every customer of a table, as CSV. */
  predict(table: Uint8Array | string, model: string, params: Json, outlook: Json): string;
  version(): string;
}

/** The details of the elements' events. */
export interface ZugabeEvents {
  /** What is on screen: a decision, a friend's offer or an insert, by the element that shows it. */
  'zugabe-shown': CustomEvent<{ decision?: Decision; offer?: FriendOffer; insert?: Insert }>;
  'zugabe-copied': CustomEvent<{ option: string; text: string }>;
  'zugabe-shared': CustomEvent<{ option: string; url: string; by: 'sheet' | 'whatsapp' | 'mail' | 'link' }>;
  'zugabe-revealed': CustomEvent<{ option?: string; what: 'qr' | 'why' }>;
  /** She takes a gift (`kind`, and `url` where it leads), or wants a friend's code in her cart (`code`). */
  'zugabe-claimed': CustomEvent<{ option: string; kind?: string; url?: string; code?: string }>;
  'zugabe-declined': CustomEvent<{ option: string }>;
  'zugabe-failed': CustomEvent<{ code: string; message: string; path: string }>;
}

declare global {
  interface DocumentEventMap {
    /** Tells every element on the page what she agreed to. */
    'zugabe-consent': CustomEvent<Consent>;
  }
  interface HTMLElementEventMap extends ZugabeEvents {}
  interface HTMLElementTagNameMap {
    'zugabe-thanks': import('./element/thanks.js').ZugabeThanks;
    'zugabe-friend': import('./element/friend.js').ZugabeFriend;
    'zugabe-insert': import('./element/insert.js').ZugabeInsert;
  }
}
