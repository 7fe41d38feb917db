import type { Command } from 'commander'

/** Adds the options that say how images are prepared for a network: the values are `PreprocessingOptions`. */
export const addImageOptions = (command: Command): Command =>
  command
    .optionsGroup('Images:')
    .option('--preset <name>', 'how images are prepared: imagenet, mobilenet or caffe')
    .option('--size <pixels>', "size that images are brought to, 224 or 320x224 (default: the model's)")
    .option('--mean <numbers>', 'subtracted from each channel, in units of 0 to 1, or of 0 to 255 where above 2')
    .option('--std <numbers>', 'what each channel is divided by, in the units of the mean')
    .option('--channels <order>', 'rgb, bgr or grey')
