/** Which shapes pass between the engine and the views? As the engine writes them; see docs and `zugabe schema`. */

/** @typedef {{ code: string, message: string, path: string }} Finding */
/** @typedef {{ severity: 'error' | 'warning' | 'info', code: string, path: string, message: string, remedy?: string }} LintFinding */
/** @typedef {{ findings: LintFinding[], assumed?: Record<string, any>, measured?: string[], refused?: boolean }} Lint measured: paths whose value the orders told; refused: the programme cannot be read at all */
/** @typedef {import('../../js/types.js').Plan} Plan */
/** @typedef {Plan['options'][number]} PlanOption */
/** @typedef {Plan['rows'][number]} PlanRow */
/** @typedef {{ model: string, horizonDays: number, customers: number, alive: number, likelyLost: number, expectedPurchases: number, clv?: number }} ValueSummary */
/** @typedef {{ summary: ValueSummary, model: any, deciles: number[], alive: { ageDays: number, silentDays: number[], rows: number[][] } }} ValueView */
/** @typedef {{ total: number, atStake: number, rows: { row: CustomerRow, atStake: number }[] }} AtRisk */
/**
 * @typedef {object} Calibration
 * @property {string} fittedUntil
 * @property {string} comparedUntil
 * @property {number} customers
 * @property {number} predicted
 * @property {number} actual
 * @property {number} [offBp]
 * @property {number} rmse
 * @property {number} [correlation]
 * @property {{ frequency: number, customers: number, predicted: number, actual: number }[]} byFrequency
 */
/** @typedef {{ read: number, kept: number, merged: number, refused: number }} Lines */
/**
 * @typedef {object} FileReport
 * @property {string} name
 * @property {string} format
 * @property {Record<string, string>} [columns] the mapping that was used: field to column name
 * @property {Lines} lines
 * @property {number} orders
 * @property {number} returns
 * @property {number} anonymous
 * @property {string} [firstAt]
 * @property {string} [lastAt]
 * @property {string} [currency]
 * @property {string} [countFrom] orders before this instant were left out because an earlier file has them
 * @property {Finding[]} refused
 * @property {Finding[]} warnings
 * @property {number} refusedCount
 * @property {number} warningCount
 */
/**
 * @typedef {object} Report
 * @property {FileReport[]} files
 * @property {number} orders
 * @property {number} returns
 * @property {number} anonymous
 * @property {number} customers
 * @property {number} duplicates
 * @property {Lines} lines
 */
/**
 * @typedef {object} Summary
 * @property {string} asOf
 * @property {string} currency
 * @property {number} orders
 * @property {number} purchases
 * @property {number} returns
 * @property {number} anonymousOrders
 * @property {number} customers
 * @property {number} scored
 * @property {number} revenue
 * @property {number} returned
 * @property {{ tier: string, customers: number, shareBp: number, revenue: number, revenueShareBp: number }[]} tiers
 * @property {{ stage: string, customers: number }[]} stages
 * @property {number} reorderWindowDays
 * @property {{ orderNumber: number, customers: number, reordered: number, rateBp: number }[]} reorder
 * @property {number} basketMedian
 * @property {number} basketMean
 * @property {number} oneTimeShareBp
 * @property {number} returnRateBp
 * @property {number} [marginBp] what an order leaves over, where the export tells costs
 * @property {{ month: string, purchases: number, revenue: number }[]} months
 * @property {ValueSummary} [value]
 */
/**
 * @typedef {object} CustomerRow
 * @property {string} id
 * @property {string} [name]
 * @property {number} orders
 * @property {string} firstAt
 * @property {string} lastAt
 * @property {number} recencyDays
 * @property {number} ageDays
 * @property {number} revenue
 * @property {number} returned
 * @property {number} basket
 * @property {number} r
 * @property {number} f
 * @property {number} m
 * @property {string} tier
 * @property {string} stage
 * @property {string[]} [reasons]
 * @property {number} [pAlive]
 * @property {number} [expectedPurchases]
 * @property {number} [clv]
 */
/** @typedef {{ id: string, number?: string, createdAt: string, total: number, refunded: number, kind: string, country?: string, currency?: string }} OrderRow */
/** @typedef {{ option: string, kind: string, purpose?: string, condition?: string, expiresAt?: string, code?: string, shownCode?: string, link?: string, url?: string, text: { headline: string, body: string, conditions?: string, why: string } }} Shown */
/**
 * @typedef {object} Decision
 * @property {string} policy
 * @property {string} reason
 * @property {string} [moment]
 * @property {string} [channel]
 * @property {Shown} [main]
 * @property {Shown} [beside]
 * @property {any[]} steps
 * @property {{ option: string, code: string, field: string, provided?: unknown, required?: unknown }[]} rejected
 * @property {{ counter: string, used?: number, limit: number, adds?: number }[]} [caps]
 * @property {{ n: number, propensityBp: number }} [bucket]
 * @property {Record<string, string>} [basis]
 */
/** @typedef {{ allowed?: number, issueCost: number, reorderBp?: number, margin?: number, expectedProfit?: number, breakEvenBp?: number }} Numbers what only the merchant sees */
/** @typedef {{ request: any, decision: Decision, numbers: Numbers, parcel: Decision, parcelNumbers: Numbers, insert?: any, assumptions: string[] }} Preview */
/** @typedef {{ orders: number, moreThanThanks: number, withCode: number, both: number, options: Record<string, number>, highestCost: number, aboveAllowance: number }} Coverage */
/** @typedef {{ moment: string, locale: string, openProblem: boolean, objected: boolean, guest: boolean }} Switches */
/** @typedef {{ customer?: CustomerRow, order?: OrderRow }} Who whose page is shown: a customer, or the guest of an order */

/** @typedef {{ id: string, code: string, referrer: string, friend: string, order?: string, state: string, reason?: string, why: string, dueAt?: string, signals?: string[], cost: number }} Settlement one recommendation */
/** @typedef {{ kind: string, amount?: number, percentBp?: number, gift?: string }} RewardTerms */
/** @typedef {{ reward: string, referral: string, order: string, side: string, who: string, what: RewardTerms, cost: number, code?: string, shownCode?: string, expiresAt?: string }} RewardCode */
/** @typedef {{ kind: string, code?: string, order?: string }} Difference */
/** @typedef {{ orders: number, withCode: number, states: Record<string, number>, granted: number, grantedCost: number, takenBack: number, takenBackCost: number }} SettledTotals */
/**
 * @typedef {object} Settled
 * @property {string} now
 * @property {string} currency
 * @property {SettledTotals} totals
 * @property {Settlement[]} referrals
 * @property {RewardCode[]} rewards granted in this run
 * @property {RewardCode[]} takenBack in this run
 * @property {{ promotion: string, terms?: object, codes: string }[]} [files] for the platform
 * @property {Difference[]} differences
 */
/**
 * @typedef {object} Settling what a merchant has given for "Who brought whom", and what came of it
 * @property {number} batch the one the codes were saved with
 * @property {string} platform which takes the rewards' codes over; empty, none
 * @property {string} promotionId the platform's own id of the rewards' promotion
 * @property {{ name: string, text: string }} [books] of the last run
 * @property {{ name: string, list: import('./given.js').GivenCode[] }} [codes] those that were given out, where the orders do not tell
 * @property {string[]} approve flagged ones that were looked at and passed
 * @property {string[]} void flagged ones that were looked at and turned down
 * @property {{ settled: Settled, booksText: string }} [result]
 * @property {{ text: string, saved: boolean }} [kept] the books of the run whose rewards or books left the page last, and whether they did themselves
 */

/**
 * @typedef {object} App what every view works with
 * @property {(op: string, args?: object, onProgress?: (value: any) => void) => Promise<any>} ask asks the worker
 * @property {() => void} cancel
 * @property {Settings} settings
 * @property {File[]} files
 * @property {(Record<string, string> | undefined)[]} mappings what the merchant changed about each file's columns
 * @property {{ files: File[], mappings: (Record<string, string> | undefined)[] }} [pending] what is being read, or was refused
 * @property {Report} [report] absent for the sample
 * @property {Summary} [summary]
 * @property {string} program the programme as text, as the merchant sees and edits it
 * @property {string} now the instant at which these orders were read, RFC 3339
 * @property {string} keys the key set as text; made in this page or loaded from a file
 * @property {{ made: boolean, saved: boolean, used: boolean }} keyState
 * @property {Switches} switches
 * @property {{ search: string, tier: string, stage: string, sort: string, offset: number }} query
 * @property {Settling} settling
 * @property {(keysText: string) => Promise<void>} useKeys takes another key set; refused, the one before stays
 * @property {(view: string, detail?: any) => void} go
 * @property {(files: File[], mappings?: (Record<string, string> | undefined)[]) => Promise<void>} read what was there stays until it is done
 * @property {() => Promise<void>} readSample
 */
/** @typedef {{ currency: string, timeZone: string }} Settings what an export may leave open */

export {};
