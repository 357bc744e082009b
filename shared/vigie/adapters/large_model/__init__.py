"""Large models that give a second opinion: Amazon Bedrock (any model of its Converse API) and Amazon Comprehend."""
