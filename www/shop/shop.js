/** What does a shop's template do? It writes what it knows about the order into the element's attributes. */
import { locale, query } from './page.js';

/** @typedef {{ de: string, en: string, price: number }} Item price in minor units */
/** @typedef {{ label: { de: string, en: string }, query: Record<string, string> }} Customer */

/** Three baskets: a first try, a usual one, a big one. @type {Item[][]} */
const BASKETS = [
  [
    { de: 'Darjeeling First Flush, 100 g', en: 'Darjeeling First Flush, 100 g', price: 1490 },
    { de: 'Kräutergarten, 75 g', en: 'Herb garden, 75 g', price: 790 },
  ],
  [
    { de: 'Assam Herbstpflückung, 250 g', en: 'Assam autumn harvest, 250 g', price: 1890 },
    { de: 'Sencha aus Uji, 100 g', en: 'Sencha from Uji, 100 g', price: 1650 },
    { de: 'Kandis, braun, 500 g', en: 'Brown rock sugar, 500 g', price: 590 },
    { de: 'Filterbeutel, 80 Stück', en: 'Paper filters, 80 pieces', price: 360 },
  ],
  [
    { de: 'Darjeeling First Flush, 500 g', en: 'Darjeeling First Flush, 500 g', price: 5900 },
    { de: 'Oolong Dong Ding, 200 g', en: 'Dong Ding oolong, 200 g', price: 3450 },
    { de: 'Teekanne, Steingut, 1,2 l', en: 'Stoneware teapot, 1.2 l', price: 4200 },
  ],
];

const customers = await readCustomers();
const chosen = query.has('order') ? Object.fromEntries(query) : (customers[0]?.query ?? {});
const orderNumber = Math.max(1, Math.trunc(Number(chosen.nth)) || 1);
const basket = BASKETS[orderNumber === 1 ? 0 : orderNumber < 6 ? 1 : 2];
const total = basket.reduce((sum, { price }) => sum + price, 0);

fillPage();
fillElement();
await import('../../js/element/index.js');

/** The customers that the build wrote beside the page; without them the address alone says who it is. */
async function readCustomers() {
  try {
    const response = await fetch('customers.json');
    return response.ok ? /** @type {Customer[]} */ (await response.json()) : [];
  } catch {
    return [];
  }
}

function fillPage() {
  for (const place of document.querySelectorAll('[data-order]')) place.textContent = chosen.order ?? '1001';
  const amount = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' });
  for (const item of basket) {
    const name = Object.assign(document.createElement('th'), { scope: 'row', textContent: item[locale] });
    const price = Object.assign(document.createElement('td'), { textContent: amount.format(item.price / 100) });
    const row = document.createElement('tr');
    row.append(name, price);
    document.querySelector('[data-items]')?.append(row);
  }
  for (const place of document.querySelectorAll('[data-total]')) place.textContent = amount.format(total / 100);
  for (const { label, query: theirs } of customers) {
    const link = document.createElement('a');
    link.href = `?${new URLSearchParams({ ...theirs, locale })}`;
    link.textContent = label[locale];
    if (theirs.order === chosen.order) link.setAttribute('aria-current', 'true');
    const entry = document.createElement('li');
    entry.append(link);
    document.querySelector('[data-customers]')?.append(entry);
  }
}

/** In a real shop this is the theme's template. */
function fillElement() {
  const element = document.querySelector('zugabe-thanks');
  const known = {
    locale,
    'order-id': chosen.order ?? '1001',
    'order-total': String(total),
    'order-number': String(orderNumber),
    tier: chosen.tier,
    stage: chosen.stage,
    days: chosen.days,
    code: chosen.code,
    customer: chosen.customer,
    objected: chosen.objected,
  };
  for (const [name, value] of Object.entries(known)) if (value) element?.setAttribute(name, value);
}
