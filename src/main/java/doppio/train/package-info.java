/**
 * The training loop, for those who do not write it, and what goes with it.
 *
 * <p>A {@link doppio.train.Trainer} runs the loop and returns its {@link doppio.train.History}.
 * What else should happen meanwhile is a {@link doppio.train.Callback}: {@link
 * doppio.train.ProgressBar}, {@link doppio.train.EpochLogger}, {@link doppio.train.EarlyStopping},
 * {@link doppio.train.ReduceLROnPlateau}, {@link doppio.train.Checkpoints}, {@link
 * doppio.train.GradientStatistics} or one of your own. A {@link doppio.train.Checkpoint} keeps all
 * that a training needs to go on in one file; it serves hand-written loops too.
 */
package doppio.train;
