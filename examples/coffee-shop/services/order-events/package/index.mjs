/** The detail types of the events that this package knows. */
export const EVENTS = Object.freeze(['OrderPlaced']);

/** Whether the detail of an event is that of an order which can be made. */
export function isOrderPlaced(detail) {
  return (
    typeof detail === 'object' && detail !== null && typeof detail.drink === 'string' && detail.drink !== ''
  );
}
