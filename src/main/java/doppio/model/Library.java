package doppio.model;

import doppio.nn.AvgPool2d;
import doppio.nn.BatchNorm1d;
import doppio.nn.BatchNorm2d;
import doppio.nn.CausalConv1d;
import doppio.nn.ColumnEmbeddings;
import doppio.nn.Concat;
import doppio.nn.Conv1d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.ELU;
import doppio.nn.Embedding;
import doppio.nn.Flatten;
import doppio.nn.GELU;
import doppio.nn.GRU;
import doppio.nn.GlobalAvgPool2d;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.LayerNorm;
import doppio.nn.LeakyReLU;
import doppio.nn.Linear;
import doppio.nn.LogSoftmax;
import doppio.nn.MaxPool2d;
import doppio.nn.MeanOverSteps;
import doppio.nn.PositionalEncoding;
import doppio.nn.RNN;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.SelfAttention;
import doppio.nn.Sequential;
import doppio.nn.SiLU;
import doppio.nn.Sigmoid;
import doppio.nn.Softmax;
import doppio.nn.Softplus;
import doppio.nn.Tanh;
import doppio.nn.TransformerEncoderLayer;

/** The library's own modules, by the names that they have in files: a row for each. */
final class Library {
  static final Registry MODULES =
      Registry.of("Sequential", Sequential.class, Sequential::new)
          .and("Residual", Residual.class, Residual::new)
          .and("Concat", Concat.class, Concat::new)
          .and("ColumnEmbeddings", ColumnEmbeddings.class, ColumnEmbeddings::new)
          .and("Embedding", Embedding.class, Embedding::new)
          .and("Linear", Linear.class, Linear::new)
          .and("Conv1d", Conv1d.class, Conv1d::new)
          .and("Conv2d", Conv2d.class, Conv2d::new)
          .and("CausalConv1d", CausalConv1d.class, CausalConv1d::new)
          .and("RNN", RNN.class, RNN::new)
          .and("GRU", GRU.class, GRU::new)
          .and("LSTM", LSTM.class, LSTM::new)
          .and("LastStep", LastStep.class, parts -> new LastStep())
          .and("MeanOverSteps", MeanOverSteps.class, parts -> new MeanOverSteps())
          .and("MaxPool2d", MaxPool2d.class, MaxPool2d::new)
          .and("AvgPool2d", AvgPool2d.class, AvgPool2d::new)
          .and("GlobalAvgPool2d", GlobalAvgPool2d.class, parts -> new GlobalAvgPool2d())
          .and("Flatten", Flatten.class, parts -> new Flatten())
          .and("BatchNorm1d", BatchNorm1d.class, BatchNorm1d::new)
          .and("BatchNorm2d", BatchNorm2d.class, BatchNorm2d::new)
          .and("LayerNorm", LayerNorm.class, LayerNorm::new)
          .and("SelfAttention", SelfAttention.class, SelfAttention::new)
          .and(
              "TransformerEncoderLayer",
              TransformerEncoderLayer.class,
              TransformerEncoderLayer::new)
          .and("PositionalEncoding", PositionalEncoding.class, PositionalEncoding::new)
          .and("Dropout", Dropout.class, Dropout::new)
          .and("ReLU", ReLU.class, parts -> new ReLU())
          .and("LeakyReLU", LeakyReLU.class, LeakyReLU::new)
          .and("Sigmoid", Sigmoid.class, parts -> new Sigmoid())
          .and("Tanh", Tanh.class, parts -> new Tanh())
          .and("GELU", GELU.class, GELU::new)
          .and("SiLU", SiLU.class, parts -> new SiLU())
          .and("ELU", ELU.class, ELU::new)
          .and("Softplus", Softplus.class, parts -> new Softplus())
          .and("Softmax", Softmax.class, parts -> new Softmax())
          .and("LogSoftmax", LogSoftmax.class, parts -> new LogSoftmax());

  private Library() {}
}
