export { constantOf } from './constants.ts'
export { upgradeModel } from './upgrade-model.ts'
