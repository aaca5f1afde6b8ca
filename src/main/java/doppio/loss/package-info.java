/**
 * What training minimises: a {@link doppio.loss.Loss} compares predictions with targets.
 *
 * <p>{@link doppio.loss.MSE}, {@link doppio.loss.L1} and {@link doppio.loss.Huber} are for
 * regression, {@link doppio.loss.Hinge} for targets of ±1, {@link doppio.loss.BCEWithLogits} for
 * two classes or several at once, {@link doppio.loss.CrossEntropy} for one of many classes, {@link
 * doppio.loss.NLL} for the same behind a {@link doppio.nn.LogSoftmax}; each gives one number and
 * the gradient with respect to the prediction. {@link doppio.loss.Reduction} says whether that
 * number is a mean or a sum. {@link doppio.loss.L2} is the penalty that weight decay minimises
 * along with the loss.
 */
package doppio.loss;
