export { upgradeModel } from './upgrade-model.ts'
