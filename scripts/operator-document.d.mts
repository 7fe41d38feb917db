import type { OperatorEntry } from 'graft-learn'

export declare function operatorsPage(operators: readonly OperatorEntry[]): string
