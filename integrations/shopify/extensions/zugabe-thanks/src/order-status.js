/** The order status page is looked at for weeks: the moment is when the order came in, and the core says when it is over. */
import { show } from './show.js';

export default async function extension() {
  const api = /** @type {import('@shopify/ui-extensions/customer-account.order-status.block.render').Api} */ (Reflect.get(globalThis, 'shopify'));
  const order = api.order.value;
  if (!order || order.cancelledAt) return;
  const now = new Date().toISOString();
  await show(api, { id: order.id, now, at: order.processedAt ?? now, first: undefined });
}
