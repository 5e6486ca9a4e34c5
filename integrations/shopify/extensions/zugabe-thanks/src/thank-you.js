/** The thank-you page: Shopify says whether it is the customer's first order. */
import { show } from './show.js';

export default async function extension() {
  const api = /** @type {import('@shopify/ui-extensions/purchase.thank-you.block.render').Api} */ (Reflect.get(globalThis, 'shopify'));
  const { order, isFirstOrder } = api.orderConfirmation.value;
  const now = new Date().toISOString();
  await show(api, { id: order.id, now, at: now, first: isFirstOrder });
}
