/** The version that saved models and reports carry. */
export const version = '0.1.0'
