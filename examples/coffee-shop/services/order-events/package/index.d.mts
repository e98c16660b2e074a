/** The detail of an event `OrderPlaced`: a guest ordered a drink. */
export interface OrderPlaced {
  /** The name of a drink on the menu. */
  readonly drink: string;
  /** Who ordered it, as the user pool knows them. */
  readonly guest?: string;
  /** The price at which it was ordered. */
  readonly cents?: number;
  /** The version of this package that the sender knows. */
  readonly version?: string;
}

/** The detail types of the events that this package knows. */
export declare const EVENTS: readonly ['OrderPlaced'];

/** Whether the detail of an event is that of an order which can be made. */
export declare function isOrderPlaced(detail: unknown): detail is OrderPlaced;
