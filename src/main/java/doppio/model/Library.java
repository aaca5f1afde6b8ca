package doppio.model;

import doppio.nn.Concat;
import doppio.nn.Dropout;
import doppio.nn.LeakyReLU;
import doppio.nn.Linear;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.nn.Softmax;
import doppio.nn.Tanh;

/** The library's own modules, by the names that they have in files: a row for each. */
final class Library {
  static final Registry MODULES =
      Registry.of("Sequential", Sequential.class, Sequential::new)
          .and("Residual", Residual.class, Residual::new)
          .and("Concat", Concat.class, Concat::new)
          .and("Linear", Linear.class, Linear::new)
          .and("Dropout", Dropout.class, Dropout::new)
          .and("ReLU", ReLU.class, parts -> new ReLU())
          .and("LeakyReLU", LeakyReLU.class, LeakyReLU::new)
          .and("Sigmoid", Sigmoid.class, parts -> new Sigmoid())
          .and("Tanh", Tanh.class, parts -> new Tanh())
          .and("Softmax", Softmax.class, parts -> new Softmax());

  private Library() {}
}
