/**
 * What training minimises: a {@link doppio.loss.Loss} compares predictions with targets.
 *
 * <p>{@link doppio.loss.MSE} is for regression, {@link doppio.loss.Hinge} for targets of ±1, {@link
 * doppio.loss.CrossEntropy} for classes; each gives one number and the gradient with respect to the
 * prediction. {@link doppio.loss.Reduction} says whether that number is a mean or a sum. {@link
 * doppio.loss.L2} is the penalty that weight decay minimises along with the loss.
 */
package doppio.loss;
