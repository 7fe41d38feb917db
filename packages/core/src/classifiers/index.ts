export * from './catalogue.ts'
export * from './classifier.ts'
export { cosineClassifier } from './cosine-classifier.ts'
export { decisionTree } from './decision-tree.ts'
export { cosineOrder, euclideanOrder, orderByDistance } from './distance-order.ts'
export { fitLinear } from './linear-fit.ts'
export { type LinearModel, linearStage as softmaxStage } from './linear-stage.ts'
export { linearSvm } from './linear-svm.ts'
export { logisticRegression, softmaxCrossEntropyLoss } from './logistic-regression.ts'
export { nearestClassMean } from './nearest-class-mean.ts'
export { nearestNeighbour } from './nearest-neighbour.ts'
export { prototypes } from './prototypes.ts'
export { randomForest } from './random-forest.ts'
export { ridge } from './ridge.ts'
export { fitRidge } from './ridge-fit.ts'
export { type TrainingRows, trainingRows } from './training-rows.ts'
export {
  divideRows,
  giniCriterion,
  growForest,
  growTree,
  type RankedRows,
  rankedRows,
  type TreeNode,
  type TreeSplit,
  treeStage,
} from './trees/index.ts'
