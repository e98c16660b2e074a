import { CoffeeShop } from './coffee-shop.js';

export { CoffeeShop } from './coffee-shop.js';

/** The coffee shop: what is not in here is not deployed. */
export const contracts = new CoffeeShop();
